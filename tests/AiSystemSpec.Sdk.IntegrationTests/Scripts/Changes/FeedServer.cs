using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using AiSystemSpec.Sdk.Testing;

namespace AiSystemSpec.Sdk.IntegrationTests.Scripts.Changes;

/// <summary>A server of a class' own: nobody else's transactions are open on it, it takes prepared ones, and it may be killed.</summary>
public sealed class FeedServer : IAsyncLifetime
{
    private string _template = "";

    public EphemeralPostgres Server { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Server = await EphemeralPostgres.StartAsync(new EphemeralPostgresOptions { Ways = PostgresWays.OwnServer, Settings = { ["max_prepared_transactions"] = "20" } });
        _template = await Server.CreateDatabaseAsync();
        await TemplateDatabase.MigrateAsync(_template);
    }

    public Task<string> CreateDatabaseAsync() => Server.CopyDatabaseAsync(_template);

    public async Task DisposeAsync() => await Server.DisposeAsync();
}
