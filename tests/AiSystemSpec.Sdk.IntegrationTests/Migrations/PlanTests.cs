using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using AiSystemSpec.Sdk.Testing;

namespace AiSystemSpec.Sdk.IntegrationTests.Migrations;

public sealed class PlanTests
{
    private const char Separator = '\u001f';

    private const string End = "SELECT 'the end of the log'";

    [Fact]
    public async Task PlanAsync_prints_what_migrate_sends_by_the_servers_own_log()
    {
        await using var server = await EphemeralPostgres.StartAsync(new EphemeralPostgresOptions
        {
            Ways = PostgresWays.OwnServer,
            Settings = { ["logging_collector"] = "on", ["log_statement"] = "all", ["log_line_prefix"] = $"%p{Separator}", ["log_destination"] = "jsonlog" },
        });
        var database = await server.CreateDatabaseAsync("planned");

        var plan = await MigratorHost.RunAsync(database, migrator => migrator.PlanAsync());
        await MigratorHost.MigrateAsync(database);
        await Sql.ExecuteAsync(database, End);

        var sent = await ReadLogAsync(server.ConnectionString);
        Assert.Equal(plan.Statements.Select(Normalize), sent);
    }

    // The session that changed something, without its own looks at the catalog (whole read-only transactions, and SELECT).
    private static async Task<IEnumerable<string>> ReadLogAsync(string connection)
    {
        string log;
        do
        {
            log = await ReadWrittenAsync(connection); // the collector writes in its own time
        }
        while (!log.Contains(End, StringComparison.Ordinal));

        var lines = log.Split('\u001e').Select(line => line.Split(Separator)).ToList();
        var pid = lines.First(line => line[1].Contains("CREATE TABLE", StringComparison.Ordinal))[0];
        var isReading = false;
        var sent = new List<string>();
        foreach (var line in lines.Where(line => line[0] == pid).Select(line => Normalize(line[1][(line[1].IndexOf(": ", StringComparison.Ordinal) + 2)..])))
        {
            isReading |= line.StartsWith("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", StringComparison.Ordinal);
            if (!isReading && !line.StartsWith("SELECT", StringComparison.Ordinal))
            {
                sent.Add(line);
            }

            isReading &= line is not "ROLLBACK";
        }

        return sent;
    }

    private static async Task<string> ReadWrittenAsync(string connection) =>
        await Sql.ScalarAsync<string>(connection, """
            SELECT string_agg((line::jsonb ->> 'pid') || E'\u001f' || (line::jsonb ->> 'message'), E'\u001e' ORDER BY number)
            FROM regexp_split_to_table(pg_read_file(pg_current_logfile('jsonlog')), E'\n') WITH ORDINALITY AS lines(line, number)
            WHERE line <> '' AND line::jsonb ->> 'dbname' = 'planned' AND line::jsonb ->> 'message' ~ '^(statement|execute)'
            """) ?? "";

    private static string Normalize(string sql) => sql.ReplaceLineEndings("\n").TrimEnd(';', '\n', ' ');
}
