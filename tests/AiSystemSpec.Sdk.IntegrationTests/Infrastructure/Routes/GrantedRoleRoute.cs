using AiSystemSpec.Sdk.Migrations;
using AiSystemSpec.Sdk.Testing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace AiSystemSpec.Sdk.IntegrationTests.Infrastructure.Routes;

/// <summary>
/// As a role that has what <c>aispec grant</c> gives, and nothing else, on tables with row level security, as at Supabase. Supabase's
/// roles are not made: they belong to the server, and would change every other test.
/// </summary>
internal sealed class GrantedRoleRoute : IRoute
{
    private readonly NpgsqlConnectionStringBuilder _owner;
    private readonly string _role = $"app_{Guid.NewGuid():N}";
    private readonly string _password = $"{Guid.NewGuid():N}";

    private GrantedRoleRoute(EphemeralPostgres server) => _owner = new NpgsqlConnectionStringBuilder(server.ConnectionString);

    public static async Task<IRoute> StartAsync(EphemeralPostgres server)
    {
        var route = new GrantedRoleRoute(server);
        await Sql.ExecuteAsync(server.ConnectionString, $"CREATE ROLE {route._role} LOGIN PASSWORD '{route._password}'");
        return route;
    }

    public async Task PrepareTemplateAsync(string template, bool hasTables)
    {
        if (hasTables)
        {
            foreach (var table in new[] { "research_cache", "scripts", "pipeline_runs" })
            {
                await Sql.ExecuteAsync(template, $"ALTER TABLE public.{table} ENABLE ROW LEVEL SECURITY");
            }

            await using var services = new ServiceCollection().AddAiSystemSpecMigrations(template + ";Pooling=false").BuildServiceProvider();
            _ = await services.GetRequiredService<IAiSystemSpecMigrator>().GrantAsync(_role, GrantKind.App);
        }
    }

    public string Take(string direct) => Change(direct, (_owner.Username, _owner.Password), (_role, _password));

    public string Leave(string taken) => Change(taken, (_role, _password), (_owner.Username, _owner.Password));

    private static string Change(string connection, (string? Name, string? Password) from, (string? Name, string? Password) to)
    {
        var settings = new NpgsqlConnectionStringBuilder(connection);
        if ((settings.Username, settings.Password) != from)
        {
            return connection; // a role of the test's own
        }

        (settings.Username, settings.Password) = to;
        return settings.ConnectionString;
    }
}
