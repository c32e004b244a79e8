using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure.Routes;
using AiSystemSpec.Sdk.TestHost;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Npgsql.NameTranslation;

namespace AiSystemSpec.Sdk.IntegrationTests.Connections;

/// <summary>Whatever a host's data source maps, the services send and read the same.</summary>
public sealed class HostDataSourceTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private enum Mood
    {
        Good,
        Bad,
    }

    [Theory]
    [InlineData("NodaTime")]
    [InlineData("dynamic JSON")]
    [InlineData("Json.NET")]
    [InlineData("slim with arrays")]
    [InlineData("enum, translator and logger")]
    [InlineData("none")]
    public async Task Services_work_over_a_data_source_that_maps(string what)
    {
        var database = await PostgresFixture.CreateDatabaseAsync();
        await using var source = await BuildAsync(what, database);
        await using var host = HostServices.Over(source);

        await ServiceTour.RunAsync(host.Services, TestRoute.Direct(database));
    }

    [Fact]
    public async Task Slim_builder_without_arrays_is_refused_at_first_use_with_the_setting()
    {
        await using var source = new NpgsqlSlimDataSourceBuilder(postgres.ConnectionString).Build();
        await using var host = HostServices.Over(source);
        foreach (var (name, call) in EveryService.Calls)
        {
            var error = await Record.ExceptionAsync(() => call(host));

            Assert.True(error is InvalidOperationException && error.Message.Contains("Call EnableArrays()", StringComparison.Ordinal), $"{name}: {error}");
        }
    }

    [Theory]
    [InlineData("Client Encoding=LATIN1")]
    [InlineData("Encoding=iso-8859-1")]
    public async Task Data_source_that_speaks_no_utf8_is_refused_at_first_use(string setting)
    {
        await using var source = NpgsqlDataSource.Create($"{postgres.ConnectionString};{setting}");
        await using var host = HostServices.Over(source);
        foreach (var (name, call) in EveryService.Calls)
        {
            var error = await Record.ExceptionAsync(() => call(host));

            Assert.True(error is InvalidOperationException && error.Message.Contains("UTF-8", StringComparison.Ordinal), $"{name}: {error}");
        }

        await using var context = host.Services.GetRequiredService<IDbContextFactory<AiSystemSpecDbContext>>().CreateDbContext();
        Assert.Contains("UTF-8", Assert.Throws<InvalidOperationException>(() => context.Scripts.ToList()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Client Encoding=LATIN1")]
    [InlineData("Encoding=iso-8859-1")]
    public async Task Connection_of_the_SDK_is_in_utf8_whatever_the_string_says(string setting)
    {
        await using var host = HostServices.Over($"{postgres.ConnectionString};{setting}");

        var script = await host.Scripts.SaveAsync("café");

        Assert.Equal("café", await Sql.ScalarAsync<string>(postgres.ConnectionString, $"SELECT content FROM public.scripts WHERE id = '{script.Id}'"));
    }

    [Theory]
    [InlineData("PGCLIENTENCODING", "LATIN1")]
    [InlineData("TZ", "America/New_York", "legacy")]
    [InlineData("TZ", "America/New_York", "legacy", "source")]
    [InlineData("TZ", "Asia/Kathmandu")]
    [InlineData("PGTZ", "Asia/Kathmandu", "source")]
    [InlineData("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "1")]
    public async Task Services_work_in_a_process_with(string variable, string value, params string[] arguments)
    {
        var database = await PostgresFixture.CreateDatabaseAsync();
        await using var process = await TestHostProcess.StartAsync(
            new Dictionary<string, string?>(StringComparer.Ordinal) { [variable] = value }, ["services", database, TestRoute.Direct(database), .. arguments]);

        Assert.Equal("OK", await process.ReadLineAsync());
    }

    [Fact]
    public async Task Services_work_in_a_database_with_other_defaults()
    {
        var database = await PostgresFixture.CreateDatabaseAsync();
        foreach (var setting in new[]
        {
            "datestyle = 'German, DMY'", "intervalstyle = 'sql_standard'", "bytea_output = 'escape'", "standard_conforming_strings = off", "timezone = 'Asia/Kathmandu'",
            "extra_float_digits = -15", "default_transaction_isolation = 'serializable'", "client_encoding = 'LATIN1'", "quote_all_identifiers = on", "array_nulls = off",
        })
        {
            await Sql.ExecuteAsync(database, $"ALTER DATABASE \"{new NpgsqlConnectionStringBuilder(database).Database}\" SET {setting}");
        }

        await using var host = HostServices.Over(database);

        await ServiceTour.RunAsync(host.Services, TestRoute.Direct(database));
    }

    private static async Task<NpgsqlDataSource> BuildAsync(string what, string connectionString)
    {
        var builder = new NpgsqlDataSourceBuilder(connectionString);
        switch (what)
        {
            case "NodaTime":
                return builder.UseNodaTime().Build();
            case "dynamic JSON":
                return builder.EnableDynamicJson([typeof(Guid), typeof(DateTime), typeof(DateTimeOffset), typeof(string[]), typeof(byte[]), typeof(long)]).Build();
            case "Json.NET":
                return builder.UseJsonNet(jsonbClrTypes: [typeof(Guid), typeof(DateTimeOffset), typeof(long)]).Build();
            case "slim with arrays":
                var slim = new NpgsqlSlimDataSourceBuilder(connectionString);
                _ = slim.EnableArrays();
                return slim.Build();
            case "enum, translator and logger":
                await Sql.ExecuteAsync(connectionString, "CREATE TYPE mood AS ENUM ('good', 'bad')");
                builder.DefaultNameTranslator = new NpgsqlNullNameTranslator();
                _ = builder.UseLoggerFactory(NullLoggerFactory.Instance).EnableParameterLogging();
                _ = builder.MapEnum<Mood>("mood", new NpgsqlSnakeCaseNameTranslator());
                return builder.Build();
            default:
                return builder.Build();
        }
    }
}
