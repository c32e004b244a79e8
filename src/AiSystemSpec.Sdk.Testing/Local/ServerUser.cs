using System.Diagnostics;
using System.Globalization;

namespace AiSystemSpec.Sdk.Testing.Local;

/// <summary>
/// The user whom server programs run as. PostgreSQL refuses root, so root steps down to <c>postgres</c>, else <c>nobody</c>.
/// </summary>
/// <param name="Id">The user's number; null to stay who we are.</param>
/// <param name="Group">The user's group.</param>
internal sealed record ServerUser(int? Id, int Group)
{
    private const string SetPriv = "/usr/bin/setpriv";
    private const string SetSid = "/usr/bin/setsid";

    public static ServerUser Find() =>
        OperatingSystem.IsWindows() || !Environment.IsPrivilegedProcess ? new ServerUser(null, 0) : FindUnprivileged();

    /// <summary>A start of the program as this user; the program is a direct child, as both helpers replace themselves by it.</summary>
    /// <param name="ownSession">Out of the reach of the terminal's Ctrl-C: a host that ends in order still has its database.</param>
    /// <param name="program">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    public ProcessStartInfo Start(string program, IEnumerable<string> arguments, bool ownSession = false)
    {
        List<string> words = [];
        if (ownSession && File.Exists(SetSid))
        {
            words.Add(SetSid);
        }

        if (Id is { } id)
        {
            words.AddRange([SetPriv, Option("--reuid=", id), Option("--regid=", Group), "--clear-groups", "--inh-caps=-all"]);
        }

        words.Add(program);
        words.AddRange(arguments);
        return new ProcessStartInfo(words[0], words.Skip(1));
    }

    /// <summary>Makes the user own a new, empty folder.</summary>
    public async Task TakeOverAsync(string folder, CancellationToken cancellationToken)
    {
        if (Id is { } id)
        {
            var owner = string.Create(CultureInfo.InvariantCulture, $"{id}:{Group}");
            _ = await ChildProcess.RunAsync(new ProcessStartInfo("chown", [owner, folder]), cancellationToken).ConfigureAwait(false);
        }
    }

    private static ServerUser FindUnprivileged()
    {
        if (!File.Exists(SetPriv))
        {
            throw new InvalidOperationException($"PostgreSQL does not run as root, and {SetPriv} (util-linux), which gives root up, is not there.");
        }

        var users = File.ReadLines("/etc/passwd").Select(static line => line.Split(':')).Where(static fields => fields.Length > 3).ToList();
        var user = users.Find(static fields => fields[0] is "postgres") ?? users.Find(static fields => fields[0] is "nobody")
            ?? throw new InvalidOperationException("PostgreSQL does not run as root, and there is no user 'postgres' or 'nobody'.");
        return new ServerUser(int.Parse(user[2], CultureInfo.InvariantCulture), int.Parse(user[3], CultureInfo.InvariantCulture));
    }

    private static string Option(string name, int value) => name + value.ToString(CultureInfo.InvariantCulture);
}
