using System.Diagnostics;
using System.Security.Cryptography;

namespace AiSystemSpec.Sdk.Testing.Local;

/// <summary>A new cluster, made once per server version and copied for each start.</summary>
/// <remarks>
/// The password is the template's, so that no start needs to set one: it is random and lies in a file that only the user can read
/// to whom the servers belong anyway. Other users of the machine cannot get in through the loopback address.
/// </remarks>
/// <param name="Data">The cluster's folder.</param>
/// <param name="Password">Its superuser's password.</param>
internal sealed record DataTemplate(string Data, string Password)
{
    public const string Superuser = "postgres";

    public static async Task<DataTemplate> GetAsync(
        ServerFolders folders, ServerBinaries binaries, ServerUser user, TimeProvider time, CancellationToken cancellationToken)
    {
        var folder = folders.Template(binaries);
        if (!Directory.Exists(folder))
        {
            using var held = await FileLock.TakeAsync(folders.LockFile, time, cancellationToken).ConfigureAwait(false);
            if (!Directory.Exists(folder))
            {
                await MakeAsync(folders, folder, binaries, user, cancellationToken).ConfigureAwait(false);
            }
        }

        return new DataTemplate(
            Path.Combine(folder, "data"),
            await File.ReadAllTextAsync(Path.Combine(folder, "password"), cancellationToken).ConfigureAwait(false));
    }

    public async Task CopyToAsync(string target, ServerUser user, CancellationToken cancellationToken)
    {
        if (OperatingSystem.IsWindows())
        {
            FolderCopy.Copy(Data, target);
            return;
        }

        _ = await ChildProcess.RunAsync(user.Start("cp", ["-a", Data, target]), cancellationToken).ConfigureAwait(false);
    }

    private static async Task MakeAsync(
        ServerFolders folders, string folder, ServerBinaries binaries, ServerUser user, CancellationToken cancellationToken)
    {
        var made = await folders.CreateOwnedAsync("make", user, cancellationToken).ConfigureAwait(false);
        try
        {
            var passwordFile = Path.Combine(made, "password");
            await File.WriteAllTextAsync(passwordFile, RandomNumberGenerator.GetHexString(32, lowercase: true), cancellationToken).ConfigureAwait(false);
            await user.TakeOverAsync(passwordFile, cancellationToken).ConfigureAwait(false);
            _ = await ChildProcess.RunAsync(InitDb(binaries, user, Path.Combine(made, "data"), passwordFile), cancellationToken).ConfigureAwait(false);
            Directory.Move(made, folder);
        }
        catch
        {
            ServerFolders.Remove(made);
            throw;
        }
    }

    private static ProcessStartInfo InitDb(ServerBinaries binaries, ServerUser user, string data, string passwordFile) =>
        user.Start(
            binaries.InitDb,
            [
                "-D", data, "--username=" + Superuser, "--pwfile=" + passwordFile, "--auth=scram-sha-256", "--encoding=UTF8",
                "--locale=" + (OperatingSystem.IsLinux() ? "C.UTF-8" : "C"), "--no-sync",
            ]);
}
