using System.Text.Json.Nodes;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;

namespace AiSystemSpec.Sdk.IntegrationTests.Runs.Writing;

/// <summary>A trigger changes rows as they come in: they are stored all the same, and another row under an id is still found out.</summary>
public sealed class ChangedRowTests
{
    private const string Change = """
        CREATE FUNCTION public.change() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$ BEGIN
            NEW.stage := upper(NEW.stage);
            NEW.metrics := coalesce(NEW.metrics, '{}') || '{"seen": true}';
            NEW.created_at := date_trunc('hour', NEW.created_at);
            RETURN NEW; END $$;
        CREATE TRIGGER change BEFORE INSERT ON public.pipeline_runs FOR EACH ROW EXECUTE FUNCTION public.change()
        """;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Rows_that_a_trigger_changes_are_stored(bool isKeyed)
    {
        await using var host = new RunLogHost(await DatabaseAsync(isKeyed));
        var id = Guid.NewGuid();
        host.Enqueue("plain", 20);
        host.Enqueue("own", id: id);
        Assert.Equal(new FlushResult { Written = 21, Spooled = 0, Lost = 0 }, await host.FlushAsync());

        host.Enqueue("own", id: id); // the same again
        Assert.Equal(0, (await host.FlushAsync()).Lost);
        host.Enqueue("other", id: id);
        Assert.Equal(1, (await host.FlushAsync()).Lost);
        Assert.Equal(21, await host.CountAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Row_that_a_trigger_changes_may_be_written_again_and_another_may_not(bool isKeyed)
    {
        await using var host = new RunLogHost(await DatabaseAsync(isKeyed));
        var entry = new RunLogEntry(host.Run, "s", RunStatus.Success)
        {
            Id = Guid.NewGuid(),
            CreatedAt = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
            InputRefs = new JsonObject { ["b"] = 1.50m, ["a"] = new JsonArray(1, null) },
        };
        var first = await host.Logger.WriteAsync(entry);
        var second = await host.Logger.WriteAsync(entry);
        Assert.Equal((first.CreatedAt, new DateTimeOffset(2026, 1, 2, 3, 0, 0, TimeSpan.Zero)), (second.CreatedAt, second.CreatedAt));
        foreach (var other in new[] { entry with { Stage = "t" }, entry with { CreatedAt = entry.CreatedAt + TimeSpan.FromHours(1) }, entry with { InputRefs = null } })
        {
            _ = await Assert.ThrowsAsync<InvalidOperationException>(() => host.Logger.WriteAsync(other));
        }

        Assert.Equal(1, await host.CountAsync());
    }

    private static async Task<string> DatabaseAsync(bool isKeyed)
    {
        var database = await PostgresFixture.CreateDatabaseAsync();
        await Sql.ExecuteAsync(database, Change + (isKeyed ? "" : "; ALTER TABLE public.pipeline_runs DROP CONSTRAINT pipeline_runs_pkey"));
        return database;
    }
}
