using System.Diagnostics;
using AiSystemSpec.Sdk.Testing.Hosts;

namespace AiSystemSpec.Sdk.Testing.Local;

/// <summary>The one folder per user, under the temp folder, that holds the templates and the running servers.</summary>
/// <remarks>
/// <c>template-…</c> is a new cluster, made once per version and kept; <c>run-OWNER-…</c> and <c>make-OWNER-…</c> live as long as
/// their owner. The owner is in the name, so that a folder has one from its first moment.
/// </remarks>
internal sealed class ServerFolders
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode Passable = Private | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private ServerFolders(string root) => Root = root;

    public string Root { get; }

    public static async Task<ServerFolders> OpenAsync(string tempFolder, ServerUser user, CancellationToken cancellationToken)
    {
        var name = string.Concat(Environment.UserName.Select(static c => char.IsAsciiLetterOrDigit(c) ? c : '_'));
        var root = Path.Combine(Path.GetFullPath(tempFolder), "aisystemspec-postgres-" + name);
        if (OperatingSystem.IsWindows())
        {
            _ = Directory.CreateDirectory(root);
            return new ServerFolders(root);
        }

        // Where root steps down, the server's user must get through; it cannot look around.
        var mode = user.Id is null ? Private : Passable;
        _ = Directory.CreateDirectory(root, mode);
        if (new DirectoryInfo(root).LinkTarget is not null)
        {
            throw new InvalidOperationException($"'{root}' is a link; remove it.");
        }

        File.SetUnixFileMode(root, mode);   // fails when the folder is another user's, except for root
        if (user.Id is not null && !await IsOfRootAsync(root, cancellationToken).ConfigureAwait(false))
        {
            throw new InvalidOperationException($"'{root}' belongs to another user; remove it.");
        }

        return new ServerFolders(root);
    }

    public string LockFile => Path.Combine(Root, "lock");

    public string Template(ServerBinaries binaries) =>
        Path.Combine(Root, $"template-{binaries.Version}-{ShortHash.Of(binaries.FullVersion + binaries.Folder)}");

    /// <summary>A new folder of this process, which the server's user owns.</summary>
    public async Task<string> CreateOwnedAsync(string kind, ServerUser user, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(Root, $"{kind}-{HostProcess.Current}-{Path.GetRandomFileName()[..8]}");
        _ = OperatingSystem.IsWindows() ? Directory.CreateDirectory(folder) : Directory.CreateDirectory(folder, Private);
        await user.TakeOverAsync(folder, cancellationToken).ConfigureAwait(false);
        return folder;
    }

    /// <summary>Folders of processes that are gone.</summary>
    public IEnumerable<string> Abandoned() =>
        Directory.EnumerateDirectories(Root).Where(static folder => HostProcess.FindIn(Path.GetFileName(folder)) is { } owner && owner.IsGone());

    private static async Task<bool> IsOfRootAsync(string root, CancellationToken cancellationToken) =>
        (await ChildProcess.RunAsync(new ProcessStartInfo("stat", ["-c", "%u", root]), cancellationToken).ConfigureAwait(false)).Trim() is "0";

    public static void Remove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // Another start removed it.
        }
    }
}
