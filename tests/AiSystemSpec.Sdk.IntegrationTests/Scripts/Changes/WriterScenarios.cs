using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace AiSystemSpec.Sdk.IntegrationTests.Scripts.Changes;

/// <summary>
/// What writers do. Each writes scripts, lets the feeds look at its worst moments, and says what must have come in the end.
/// </summary>
internal sealed class WriterScenarios(string database, Func<Task> look)
{
    public static IReadOnlyDictionary<string, Func<WriterScenarios, Task<string[]>>> All { get; } = new Dictionary<string, Func<WriterScenarios, Task<string[]>>>(
        StringComparer.Ordinal)
    {
        ["late commit"] = scenarios => scenarios.LateCommitAsync(),
        ["savepoint of EF"] = scenarios => scenarios.SavepointOfEfAsync(),
        ["exception block"] = scenarios => scenarios.ExceptionBlockAsync(),
        ["writer in another database"] = scenarios => scenarios.OtherDatabaseAsync(),
        ["rows of 2020 and without a moment"] = scenarios => scenarios.OldRowsAsync(),
        ["changes"] = scenarios => scenarios.ChangesAsync(),
        ["rollbacks"] = scenarios => scenarios.RollbacksAsync(),
        ["one transaction of many rows"] = scenarios => scenarios.ManyRowsAsync(),
    };

    /// <summary>Which naive feeds miss a script.</summary>
    public static TheoryData<string, NaiveKind> Misses => new()
    {
        { "late commit", NaiveKind.CreatedAt },
        { "late commit", NaiveKind.Xmin },
        { "savepoint of EF", NaiveKind.Snapshot },
        { "exception block", NaiveKind.Snapshot },
        { "writer in another database", NaiveKind.CreatedAt },
        { "rows of 2020 and without a moment", NaiveKind.CreatedAt },
        { "changes", NaiveKind.CreatedAt },
        { "rollbacks", NaiveKind.Xmin },
        { "one transaction of many rows", NaiveKind.CreatedAt },
    };

    private async Task<string[]> LateCommitAsync()
    {
        await using var late = await Sql.OpenAsync(database);
        await using var transaction = await late.BeginTransactionAsync();
        await InsertAsync(late, "late");
        await FeedSession.InsertAsync(database, "early");
        await look();
        await FeedSession.InsertAsync(database, "between");
        await look();
        await transaction.CommitAsync();
        return ["late", "early", "between"];
    }

    private async Task<string[]> SavepointOfEfAsync()
    {
        await using var host = HostServices.Over(database);
        await using var context = await host.Services.GetRequiredService<IDbContextFactory<AiSystemSpecDbContext>>().CreateDbContextAsync();
        await using var transaction = await context.Database.BeginTransactionAsync();
        _ = context.Add(new Script { Content = "first" });
        _ = await context.SaveChangesAsync(); // in a savepoint
        _ = context.Add(new Script { Content = "second" });
        _ = await context.SaveChangesAsync();
        await FeedSession.InsertAsync(database, "other"); // moves the snapshot beyond the savepoints' transactions
        await look();
        await transaction.CommitAsync();
        return ["first", "second", "other"];
    }

    private async Task<string[]> ExceptionBlockAsync()
    {
        await using var late = await Sql.OpenAsync(database);
        await using var transaction = await late.BeginTransactionAsync();
        await ExecuteAsync(
            late,
            """
            DO $$ BEGIN
              BEGIN INSERT INTO public.scripts (content) VALUES ('inner'); EXCEPTION WHEN division_by_zero THEN NULL; END;
              BEGIN INSERT INTO public.scripts (content) VALUES ('undone'); PERFORM 1 / 0; EXCEPTION WHEN division_by_zero THEN NULL; END;
              INSERT INTO public.scripts (content) VALUES ('outer');
            END $$
            """);
        await FeedSession.InsertAsync(database, "other");
        await look();
        await transaction.CommitAsync();
        return ["inner", "outer", "other"];
    }

    /// <summary>For a server that takes prepared transactions.</summary>
    public static async Task<string[]> PreparedAsync(string database, Func<Task> look)
    {
        var name = $"prepared-{Guid.NewGuid():N}";
        await using var writer = await Sql.OpenAsync(database);
        await ExecuteAsync(writer, "BEGIN");
        await InsertAsync(writer, "prepared");
        await ExecuteAsync(writer, $"PREPARE TRANSACTION '{name}'");
        await FeedSession.InsertAsync(database, "other");
        await look();
        await FeedSession.InsertAsync(database, "another");
        await look();
        await ExecuteAsync(writer, $"COMMIT PREPARED '{name}'");
        return ["prepared", "other", "another"];
    }

    private async Task<string[]> OtherDatabaseAsync()
    {
        await using var elsewhere = await Sql.OpenAsync(await PostgresFixture.CreateDatabaseAsync());
        await using var open = await elsewhere.BeginTransactionAsync();
        await InsertAsync(elsewhere, "not here");
        await using var late = await Sql.OpenAsync(database);
        await using var transaction = await late.BeginTransactionAsync();
        await InsertAsync(late, "late");
        for (var i = 0; i < 5; i++)
        {
            await FeedSession.InsertAsync(database, $"{i}");
            await look();
        }

        await transaction.CommitAsync();
        await look();
        await open.RollbackAsync();
        return ["0", "1", "2", "3", "4", "late"];
    }

    private async Task<string[]> OldRowsAsync()
    {
        await FeedSession.InsertAsync(database, "new");
        await look();
        await Sql.ExecuteAsync(database, "INSERT INTO public.scripts (content, created_at) VALUES ('2020', '2020-01-01'), ('undated', NULL), ('-infinity', '-infinity')");
        return ["new", "2020", "undated", "-infinity"];
    }

    private async Task<string[]> ChangesAsync()
    {
        await FeedSession.InsertAsync(database, "old");
        await look();
        await Sql.ExecuteAsync(database, "UPDATE public.scripts SET content = 'changed' WHERE content = 'old'");
        await look();
        await Sql.ExecuteAsync(database, "INSERT INTO public.scripts (content) VALUES ('gone'); DELETE FROM public.scripts WHERE content = 'gone'");
        return ["old", "changed"];
    }

    private async Task<string[]> RollbacksAsync()
    {
        await using var late = await Sql.OpenAsync(database);
        await using var transaction = await late.BeginTransactionAsync();
        await InsertAsync(late, "kept");
        await transaction.SaveAsync("point");
        await InsertAsync(late, "undone");
        await transaction.RollbackAsync("point");
        await using (var other = await Sql.OpenAsync(database))
        await using (var undone = await other.BeginTransactionAsync())
        {
            await InsertAsync(other, "never");
            await FeedSession.InsertAsync(database, "other");
            await look();
            await undone.RollbackAsync();
        }

        await look();
        await transaction.CommitAsync();
        return ["kept", "other"];
    }

    private async Task<string[]> ManyRowsAsync()
    {
        await using var late = await Sql.OpenAsync(database);
        await using var transaction = await late.BeginTransactionAsync();
        await ExecuteAsync(late, "INSERT INTO public.scripts (content) SELECT i::text FROM generate_series(1, 250) i");
        await FeedSession.InsertAsync(database, "other");
        await look();
        await transaction.CommitAsync();
        return [.. Enumerable.Range(1, 250).Select(i => $"{i}"), "other"];
    }

    private static Task InsertAsync(NpgsqlConnection connection, string content) =>
        ExecuteAsync(connection, $"INSERT INTO public.scripts (content) VALUES ('{content}')");

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = Sql.Command(connection, sql);
        _ = await command.ExecuteNonQueryAsync();
    }
}
