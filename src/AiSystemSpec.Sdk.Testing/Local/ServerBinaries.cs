using System.Diagnostics;

namespace AiSystemSpec.Sdk.Testing.Local;

/// <summary>A folder with a server's programs.</summary>
/// <param name="Folder">Where <c>initdb</c> and <c>postgres</c> are.</param>
/// <param name="FullVersion">
/// What <c>postgres --version</c> says, for example <c>postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)</c>.
/// </param>
internal sealed record ServerBinaries(string Folder, string FullVersion)
{
    /// <summary>The number alone: <c>15.18</c>.</summary>
    public string Version { get; } = FullVersion.Split(' ').FirstOrDefault(static word => char.IsAsciiDigit(word[0])) ?? FullVersion;

    public string Postgres => Program(Folder, "postgres");

    public string InitDb => Program(Folder, "initdb");

    public string PgCtl => Program(Folder, "pg_ctl");

    public static string Program(string folder, string name) => Path.Combine(folder, OperatingSystem.IsWindows() ? name + ".exe" : name);

    public static async Task<ServerBinaries> ReadAsync(string folder, CancellationToken cancellationToken)
    {
        var said = await ChildProcess.RunAsync(new ProcessStartInfo(Program(folder, "postgres"), ["--version"]), cancellationToken).ConfigureAwait(false);
        return new ServerBinaries(folder, said.Trim());
    }
}
