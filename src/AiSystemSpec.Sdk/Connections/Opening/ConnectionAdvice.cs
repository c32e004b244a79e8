using AiSystemSpec.Sdk.Connections.Settings;
using Npgsql;

namespace AiSystemSpec.Sdk.Connections.Opening;

/// <summary>A setting that does not fit the connection, and what to set.</summary>
/// <param name="Setting">The connection string's keyword.</param>
/// <param name="Sentence">What is wrong and what to do; never a value that may be secret.</param>
/// <remarks>Not among them: Enlist, since the services keep out of ambient transactions, and Multiplexing, which is refused.</remarks>
internal sealed record ConnectionAdvice(string Setting, string Sentence)
{
    /// <summary>Two connections for topic locks, one for the run log in the background, one for calls.</summary>
    private const int SmallestPool = 4;

    /// <summary>What can be said by the settings alone.</summary>
    public static IEnumerable<ConnectionAdvice> For(NpgsqlConnectionStringBuilder settings)
    {
        foreach (var advice in ForOneCommand(settings))
        {
            yield return advice;
        }

        if (settings is { Pooling: true, MaxPoolSize: < SmallestPool })
        {
            yield return new("Maximum Pool Size", $"{settings.MaxPoolSize} is fewer connections than the services hold at once, so that calls wait and time out. Set Maximum Pool Size to {SmallestPool} or more.");
        }
    }

    /// <summary>The same for one command, such as the tool's, which needs no pool of any size.</summary>
    public static IEnumerable<ConnectionAdvice> ForOneCommand(NpgsqlConnectionStringBuilder settings)
    {
        var hosts = ConnectionString.HostsOf(settings);
        if (settings.SslMode < SslMode.Require && !hosts.All(host => ConnectionString.IsLoopback(host.Name)))
        {
            yield return new("SSL Mode", $"{settings.SslMode} lets rows and passwords cross the network unencrypted. Set SSL Mode=Require, or VerifyFull with the server's root certificate.");
        }

        if (settings.GssEncryptionMode != GssEncryptionMode.Disable && hosts.Any(host => ConnectionString.IsSupabase(host.Name)))
        {
            yield return new("GSS Encryption Mode", "Supabase has no GSS encryption to negotiate. Set GSS Encryption Mode=Disable.");
        }
    }

    /// <summary>What can be said only when it is known what stands between host and server.</summary>
    public static IEnumerable<ConnectionAdvice> For(NpgsqlConnectionStringBuilder settings, PoolerMode pooler)
    {
        if (pooler == PoolerMode.None && !settings.Pooling)
        {
            yield return new("Pooling", "Every call opens a connection of its own, and there is no pooler before the server. Set Pooling=true.");
        }

        if (pooler != PoolerMode.Transaction)
        {
            yield break;
        }

        if (settings.MaxAutoPrepare > 0)
        {
            yield return new("Max Auto Prepare", "A pooler in transaction mode changes the server's session, where prepared statements are not found again: commands fail. Set Max Auto Prepare=0.");
        }

        if (settings is { Pooling: true, NoResetOnClose: false })
        {
            yield return new("No Reset On Close", "The reset of a used connection tears long messages apart on their way through a pooler in transaction mode. Set No Reset On Close=true.");
        }

        if (!string.IsNullOrEmpty(settings.SearchPath))
        {
            yield return new("Search Path", "A pooler in transaction mode ignores it or lends it to other clients. Leave it out: the services qualify every name.");
        }

        if (!string.IsNullOrEmpty(settings.Options))
        {
            yield return new("Options", "A pooler in transaction mode ignores them or lends them to other clients. Leave them out, and set what is needed with ALTER ROLE … SET, or connect directly.");
        }
    }

    /// <summary>Whether anything depends on what stands between: else there is no need to ask.</summary>
    public static bool DependsOnPooler(NpgsqlConnectionStringBuilder settings) =>
        Enum.GetValues<PoolerMode>().Any(mode => For(settings, mode).Any());
}
