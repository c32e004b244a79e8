using AiSystemSpec.Sdk.Testing;

namespace AiSystemSpec.Sdk.IntegrationTests.Infrastructure.Routes;

/// <summary>
/// The way from the code under test to its databases, as <c>AISYSTEMSPEC_TEST_ROUTE</c> says; directly, as the owner, without it. Fixtures
/// hand out connections that take the way; what the tests do beside it (<see cref="Sql"/>) never does.
/// </summary>
internal static class TestRoute
{
    public const string Variable = "AISYSTEMSPEC_TEST_ROUTE";

    private static readonly Dictionary<string, Func<EphemeralPostgres, Task<IRoute>>> Known = new(StringComparer.Ordinal)
    {
        ["pgbouncer"] = PoolerRoute.StartAsync,
        ["granted-role"] = GrantedRoleRoute.StartAsync,
        ["hostile-search-path"] = static _ => Task.FromResult<IRoute>(new HostileSearchPathRoute()),
    };

    private static IRoute[] _routes = [];

    public static bool IsDirect => _routes.Length == 0;

    public static async Task StartAsync(EphemeralPostgres server)
    {
        var names = (Environment.GetEnvironmentVariable(Variable) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (Array.Find(names, name => !Known.ContainsKey(name)) is { } unknown)
        {
            throw new InvalidOperationException($"{Variable} names \"{unknown}\". Set it to {string.Join(", ", Known.Keys)}, several of them with commas, or not at all.");
        }

        var routes = new List<IRoute>();
        foreach (var name in names)
        {
            routes.Add(await Known[name](server));
        }

        _routes = [.. routes];
    }

    public static Task PrepareTemplateAsync(string template, bool hasTables) => PrepareTemplateAsync(template, _routes, hasTables);

    /// <summary>Opens the way to a database.</summary>
    /// <returns>The connection that a host is given.</returns>
    public static async Task<string> OpenAsync(string database)
    {
        foreach (var route in _routes)
        {
            await route.PrepareAsync(database);
        }

        return _routes.Aggregate(database, static (connection, route) => route.Take(connection));
    }

    /// <summary>Past everything: directly, as the owner.</summary>
    public static string Direct(string connection) => Leave(connection, _routes);

    /// <summary>The same way, as the owner: who changes the schema is never the role of the services.</summary>
    public static string AsOwner(string connection) => Leave(connection, _routes.OfType<GrantedRoleRoute>());

    /// <summary>Whether a connection goes through the run's pooler.</summary>
    public static bool IsPooled(string connection) => Leave(connection, _routes.OfType<PoolerRoute>()) != connection;

    /// <summary>What an operator does again after adding what the services need, such as an extension.</summary>
    public static Task GrantAgainAsync(string connection) =>
        PrepareTemplateAsync(Direct(connection), _routes.OfType<GrantedRoleRoute>(), hasTables: true);

    // What cannot be read as a connection was not handed out here.
    private static string Leave(string connection, IEnumerable<IRoute> routes)
    {
        try
        {
            return routes.Aggregate(connection, static (taken, route) => route.Leave(taken));
        }
        catch (ArgumentException)
        {
            return connection;
        }
    }

    private static async Task PrepareTemplateAsync(string template, IEnumerable<IRoute> routes, bool hasTables)
    {
        foreach (var route in routes)
        {
            await route.PrepareTemplateAsync(template, hasTables);
        }
    }
}
