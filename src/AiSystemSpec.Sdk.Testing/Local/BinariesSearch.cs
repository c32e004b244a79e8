using System.Globalization;

namespace AiSystemSpec.Sdk.Testing.Local;

/// <summary>Where a machine keeps its PostgreSQL.</summary>
internal static class BinariesSearch
{
    /// <summary>The folder named in options or environment, else the first usual one that holds a server.</summary>
    public static string Find(string? named, IEnumerable<string> usual)
    {
        if (named is not null)
        {
            return HoldsServer(named)
                ? Path.GetFullPath(named)
                : throw new InvalidOperationException($"The folder '{named}' does not hold initdb and postgres.");
        }

        return usual.FirstOrDefault(HoldsServer)
            ?? throw new InvalidOperationException("No folder with initdb and postgres was found in the usual places or on PATH.");
    }

    public static IReadOnlyList<string> UsualFolders(string? path)
    {
        var programFiles = Environment.GetFolderPath(Environment.SpecialFolder.ProgramFiles);
        string[] parents = OperatingSystem.IsWindows()
            ? [Path.Combine(programFiles, "PostgreSQL")]
            : ["/usr/lib/postgresql", "/usr", "/opt/homebrew/opt", "/usr/local/opt", "/home/linuxbrew/.linuxbrew/opt", "/Library/PostgreSQL"];

        return
        [
            .. parents.SelectMany(VersionFolders).OrderByDescending(static found => found.Version).Select(static found => Path.Combine(found.Folder, "bin")),
            .. (path ?? string.Empty).Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(ResolveLinks),
        ];
    }

    private static bool HoldsServer(string folder) =>
        File.Exists(ServerBinaries.Program(folder, "initdb")) && File.Exists(ServerBinaries.Program(folder, "postgres"));

    /// <summary>Folders named <c>17</c> (Debian, Windows), <c>pgsql-17</c> (Red Hat) or <c>postgresql@17</c> (Homebrew).</summary>
    private static IEnumerable<(decimal Version, string Folder)> VersionFolders(string parent)
    {
        if (!Directory.Exists(parent))
        {
            yield break;
        }

        foreach (var folder in Directory.EnumerateDirectories(parent))
        {
            var name = Path.GetFileName(folder);
            var number = name.StartsWith("pgsql-", StringComparison.Ordinal) ? name["pgsql-".Length..]
                : name.StartsWith("postgresql@", StringComparison.Ordinal) ? name["postgresql@".Length..]
                : name;
            if (decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var version))
            {
                yield return (version, folder);
            }
        }
    }

    /// <summary>A link in /usr/local/bin leads to the folder where the server finds its own files.</summary>
    private static string ResolveLinks(string folder)
    {
        try
        {
            var target = File.ResolveLinkTarget(ServerBinaries.Program(folder, "initdb"), returnFinalTarget: true);
            return target is null ? folder : Path.GetDirectoryName(target.FullName)!;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return folder;   // none there, or PATH names a folder of somebody else
        }
    }
}
