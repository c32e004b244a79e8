using AiSystemSpec.Sdk.Testing.Configured;
using AiSystemSpec.Sdk.Testing.Containers;
using AiSystemSpec.Sdk.Testing.Local;
using AiSystemSpec.Sdk.Testing.Servers;

namespace AiSystemSpec.Sdk.Testing.Ways;

/// <summary>Which ways are tried. Options win over the environment; the environment decides what they leave open.</summary>
internal static class WayChoice
{
    public static IEnumerable<IPostgresWay> Of(EphemeralPostgresOptions options, TestingEnvironment environment)
    {
        var kinds = Kinds(options, environment);
        IPostgresWay[] all = [new ConfiguredWay(environment), new DockerWay(environment), new LocalWay(environment)];
        return all.Where(way => kinds.HasFlag(way.Kind));
    }

    public static PostgresWays Kinds(EphemeralPostgresOptions options, TestingEnvironment environment)
    {
        var allowed = options.Ways ?? PostgresWays.Any;
        if ((allowed & PostgresWays.Any) == PostgresWays.None)
        {
            throw new ArgumentException($"{nameof(EphemeralPostgresOptions.Ways)} names no way: set it to null for every way.", nameof(options));
        }

        var named = options.ConnectionString is not null || environment.Connection is not null;
        if (options.Ways is null && !named)
        {
            allowed &= ~PostgresWays.ConfiguredServer;   // nothing to fail with
        }

        var chosen = allowed & ~(PostgresWays.OwnServer & ~Embedded(environment.Way));
        return chosen == PostgresWays.None ? allowed : chosen;
    }

    /// <summary>What the variable leaves of the servers that are started for the purpose.</summary>
    private static PostgresWays Embedded(string? way) => way?.ToUpperInvariant() switch
    {
        null => PostgresWays.OwnServer,
        "DOCKER" => PostgresWays.Docker,
        "LOCAL" => PostgresWays.Local,
        _ => throw new ArgumentException($"{TestingEnvironment.WayVariable} is '{way}'; it can be 'docker' or 'local'.", nameof(way)),
    };
}
