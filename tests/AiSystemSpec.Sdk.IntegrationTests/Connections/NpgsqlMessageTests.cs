extern alias sdk;

using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure.Routes;
using Npgsql;
using NpgsqlMessages = sdk::AiSystemSpec.Sdk.Connections.Opening.NpgsqlMessages;

namespace AiSystemSpec.Sdk.IntegrationTests.Connections;

/// <summary>Each of Npgsql's messages that is known by its words alone, provoked, and taken for no other.</summary>
public sealed class NpgsqlMessageTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly Dictionary<string, Func<Exception, bool>> Known = new(StringComparer.Ordinal)
    {
        [nameof(NpgsqlMessages.IsBusyPool)] = NpgsqlMessages.IsBusyPool,
        [nameof(NpgsqlMessages.IsNoSuitableHost)] = NpgsqlMessages.IsNoSuitableHost,
        [nameof(NpgsqlMessages.IsNoTls)] = NpgsqlMessages.IsNoTls,
        [nameof(NpgsqlMessages.IsNoPassword)] = NpgsqlMessages.IsNoPassword,
    };

    [Fact]
    public async Task Busy_pool()
    {
        var settings = new NpgsqlConnectionStringBuilder(TestRoute.Direct(postgres.ConnectionString)) { MaxPoolSize = 1, Timeout = 1 };
        await using var source = NpgsqlDataSource.Create(settings);
        await using var held = await source.OpenConnectionAsync();
        await ProvokesAsync(nameof(NpgsqlMessages.IsBusyPool), source);
    }

    [Fact]
    public async Task No_suitable_host()
    {
        var settings = new NpgsqlConnectionStringBuilder(TestRoute.Direct(postgres.ConnectionString)) { Host = $"127.0.0.1:{FreePort.Next()},127.0.0.1:{FreePort.Next()}" };
        await using var hosts = new NpgsqlDataSourceBuilder(settings.ConnectionString).BuildMultiHost();
        await using var source = hosts.WithTargetSession(TargetSessionAttributes.ReadWrite);
        _ = await Assert.ThrowsAnyAsync<NpgsqlException>(async () => await source.OpenConnectionAsync()); // now it knows
        await ProvokesAsync(nameof(NpgsqlMessages.IsNoSuitableHost), source);
    }

    [Fact]
    public async Task No_tls()
    {
        var settings = new NpgsqlConnectionStringBuilder(TestRoute.Direct(postgres.ConnectionString)) { SslMode = SslMode.Require };
        await using var source = NpgsqlDataSource.Create(settings);
        await ProvokesAsync(nameof(NpgsqlMessages.IsNoTls), source);
    }

    [Fact]
    public async Task No_password()
    {
        var empty = Path.GetTempFileName(); // else the user's own file would be looked into
        try
        {
            var settings = new NpgsqlConnectionStringBuilder(TestRoute.Direct(postgres.ConnectionString)) { Password = null, Passfile = empty };
            await using var source = NpgsqlDataSource.Create(settings);
            await ProvokesAsync(nameof(NpgsqlMessages.IsNoPassword), source);
        }
        finally
        {
            File.Delete(empty);
        }
    }

    private static async Task ProvokesAsync(string message, NpgsqlDataSource source)
    {
        var error = await Assert.ThrowsAnyAsync<Exception>(async () => await source.OpenConnectionAsync());
        Assert.True(Known[message](error), error.Message);
        Assert.Equal([message], Known.Where(known => known.Value(error)).Select(known => known.Key));
    }
}
