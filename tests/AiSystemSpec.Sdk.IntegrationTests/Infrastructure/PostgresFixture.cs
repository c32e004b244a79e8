using AiSystemSpec.Sdk.Testing;
using Npgsql;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace AiSystemSpec.Sdk.IntegrationTests.Infrastructure;

/// <summary>
/// A fresh database for a test class, on the one server of the run: <c>class FooTests(PostgresFixture postgres) :
/// IClassFixture&lt;PostgresFixture&gt;</c>.
/// </summary>
/// <remarks>Every connection that it hands out takes the run's <see cref="Routes.TestRoute"/>.</remarks>
public sealed class PostgresFixture(IMessageSink messages) : IAsyncLifetime
{
    private static int _announced;

    /// <summary>The class' own database, a copy of <see cref="TemplateDatabase"/>'s.</summary>
    public string ConnectionString { get; private set; } = string.Empty;

    public EphemeralPostgres Server { get; private set; } = null!;

    /// <summary>One more database like the class' own, for a test that must be alone.</summary>
    public static Task<string> CreateDatabaseAsync() => SharedServer.CopyTemplateAsync();

    /// <summary>A database with nothing in it, not even the schema.</summary>
    public Task<string> CreateEmptyDatabaseAsync() => SharedServer.CopyEmptyAsync(Server);

    public async Task InitializeAsync()
    {
        Server = await SharedServer.GetAsync();
        Announce();
        ConnectionString = await CreateDatabaseAsync();
    }

    public Task DisposeAsync()
    {
        using var connection = new NpgsqlConnection(ConnectionString);
        NpgsqlConnection.ClearPool(connection);
        return Task.CompletedTask;
    }

    private void Announce()
    {
        if (Interlocked.Exchange(ref _announced, 1) == 0)
        {
            _ = messages.OnMessage(new DiagnosticMessage($"PostgreSQL of this run: {Server.Source}"));
            foreach (var failed in Server.FailedWays)
            {
                _ = messages.OnMessage(new DiagnosticMessage($"  not taken: {failed}"));
            }
        }
    }
}
