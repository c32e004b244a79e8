using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace AiSystemSpec.Sdk.IntegrationTests.Research;

/// <summary>
/// Tables with what ON CONFLICT does not go with, with triggers, and with other defaults: an entry is stored, or it is said once why not.
/// </summary>
public sealed class OddTableTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const string Deferrable = "ALTER TABLE public.research_cache ADD CONSTRAINT ux UNIQUE (topic) DEFERRABLE";

    /// <summary>Shapes on which a topic has one row.</summary>
    public static TheoryData<string> OneRow { get; } =
    [
        Deferrable,
        Deferrable + " INITIALLY DEFERRED",
        "ALTER TABLE public.research_cache DROP CONSTRAINT research_cache_pkey, ADD PRIMARY KEY (id) DEFERRABLE; CREATE UNIQUE INDEX ux ON public.research_cache (topic)",
        "CREATE UNIQUE INDEX ux ON public.research_cache (topic, ((created_at AT TIME ZONE 'UTC')::date))", // one a day
        "CREATE UNIQUE INDEX ux ON public.research_cache (topic); CREATE UNIQUE INDEX ux2 ON public.research_cache (lower(topic))",
        "CREATE UNIQUE INDEX ux ON public.research_cache (topic COLLATE \"C\")",
    ];

    /// <summary>Shapes on which a topic has a history.</summary>
    public static TheoryData<string> History { get; } =
    [
        "ALTER TABLE public.research_cache DROP CONSTRAINT research_cache_pkey, ADD PRIMARY KEY (id) DEFERRABLE INITIALLY DEFERRED",
        "CREATE RULE quiet AS ON UPDATE TO public.research_cache WHERE false DO ALSO NOTHING",
        "CREATE UNIQUE INDEX ux ON public.research_cache (topic, content)",
        "CREATE UNIQUE INDEX ux ON public.research_cache (topic, id)",
        "ALTER TABLE public.research_cache ADD CONSTRAINT ux UNIQUE (topic, content) DEFERRABLE",
        "CREATE UNIQUE INDEX ux ON public.research_cache (md5(content)) WHERE topic <> 'system'",
    ];

    public static TheoryData<string> Isolations { get; } = ["read committed", "repeatable read", "serializable"];

    public static TheoryData<string, string> OtherDefaults { get; } = new()
    {
        { "timezone('Asia/Tokyo', now())", "Tokyo" }, // on a database in UTC: nine hours ahead
        { "timezone('America/Los_Angeles', now())", "Los_Angeles" },
        { "now() - interval '61 seconds'", "00:01:0" },
        { "'2001-01-01'", "2001-01-01" },
        { "'infinity'", "infinity" },
        { "'-infinity'", "infinity" },
        { "'4000-01-01 BC'", "4000-01-01" },
        { "NULL", "none" },
    };

    [Theory]
    [MemberData(nameof(OneRow))]
    public async Task Topic_with_one_row_is_stored_and_refreshed(string shape)
    {
        var database = await CreateAsync(shape);
        await using var sdk = HostServices.Over(database);
        var first = await sdk.Research.SaveAsync("T", "1");
        Assert.Equal(first.Id, (await sdk.Research.SaveAsync("T", "2")).Id);
        Assert.Equal("2", (await sdk.Research.GetFreshAsync("T"))!.Content);
        var stored = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => Task.Run(() => sdk.Research.SaveAsync($"t{i % 3}", $"{i}"))));
        Assert.Equal(3, stored.Select(entry => entry.Id).Distinct().Count());
        Assert.True((await sdk.Research.GetOrResearchAsync("researched", (_, _) => Task.FromResult("x"))).Saved);
    }

    [Theory]
    [MemberData(nameof(History))]
    public async Task Topic_with_a_history_is_appended(string shape)
    {
        var database = await CreateAsync(shape);
        await using var sdk = HostServices.Over(database);
        for (var i = 0; i < 3; i++)
        {
            _ = await sdk.Research.SaveAsync("T", $"{i}");
        }

        Assert.Equal(["2", "1", "0"], await sdk.Research.GetHistoryAsync("T").Select(entry => entry.Content).ToListAsync());
    }

    [Fact]
    public async Task Same_text_again_refreshes_the_row_where_topic_and_content_are_unique()
    {
        var database = await CreateAsync("CREATE UNIQUE INDEX ux ON public.research_cache (topic, content)");
        await Sql.ExecuteAsync(database, "INSERT INTO public.research_cache (topic, content, created_at) VALUES ('T', 'same', now() - interval '8 days')");
        await using var sdk = HostServices.Over(database);
        Assert.True((await sdk.Research.GetOrResearchAsync("T", (_, _) => Task.FromResult("same"))).Saved);
        Assert.Equal(ResearchOutcome.Hit, (await sdk.Research.GetOrResearchAsync("T", (_, _) => Task.FromResult("same"))).Outcome);
    }

    [Theory]
    [MemberData(nameof(Isolations))]
    public async Task Upserts_lose_no_call_whatever_the_databases_default_isolation_is(string isolation)
    {
        foreach (var shape in new[] { "CREATE UNIQUE INDEX ux ON public.research_cache (topic)", Deferrable, "SELECT" })
        {
            var database = await CreateAsync(shape);
            await Sql.ExecuteAsync(database, $"DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_isolation = ''{isolation}''', current_database()); END $$");
            await using var sdk = HostServices.Over(database);
            _ = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => Task.Run(() => sdk.Research.SaveAsync($"t{i % 2}", $"{i}"))));
            Assert.Equal(2, (await sdk.Research.GetFreshAsync(["t0", "t1"])).Count);
        }
    }

    [Theory]
    [InlineData("CREATE UNIQUE INDEX ux_text ON public.research_cache (content)", "unique index ux_text")]
    [InlineData("CREATE FUNCTION public.f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; CREATE TRIGGER swallows BEFORE INSERT ON public.research_cache FOR EACH ROW EXECUTE FUNCTION public.f()", "trigger swallows")]
    [InlineData("ALTER TABLE public.research_cache ADD CONSTRAINT ux_text UNIQUE (content) DEFERRABLE", "unique index ux_text")]
    public async Task Refused_entry_is_said_at_once_and_names_the_cause(string shape, string cause)
    {
        var database = await CreateAsync("INSERT INTO public.research_cache (topic, content) VALUES ('other', 'text');" + shape);
        var log = new StatementLog();
        await using var source = log.Open(database);
        await using var sdk = HostServices.Over(source);
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => sdk.Research.SaveAsync("T", "text"));
        Assert.Contains(cause, error.Message, StringComparison.Ordinal);
        Assert.InRange(log.RoundTrips, 1, 8);
        Assert.Equal("other", await Sql.ScalarAsync<string>(database, "SELECT topic FROM public.research_cache"));
        var result = await sdk.Research.GetOrResearchAsync("T", (_, _) => Task.FromResult("text"));
        Assert.Equal((false, "text"), (result.Saved, result.Entry.Content));
        Assert.Contains(cause, result.SaveError!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Row_that_a_trigger_stores_elsewhere_is_found()
    {
        var database = await CreateAsync(
            """
            CREATE TABLE public.research_cache_2026 () INHERITS (public.research_cache);
            GRANT ALL ON public.research_cache_2026 TO PUBLIC;
            CREATE FUNCTION public.f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO public.research_cache_2026 SELECT NEW.*; RETURN NULL; END';
            CREATE TRIGGER routes BEFORE INSERT ON public.research_cache FOR EACH ROW EXECUTE FUNCTION public.f()
            """);
        await using var sdk = HostServices.Over(database);
        Assert.NotNull((await sdk.Research.SaveAsync("T", "1")).CreatedAt);
        Assert.Equal("1", (await sdk.Research.GetFreshAsync("T"))!.Content);
    }

    [Theory]
    [InlineData("NEW.topic := pg_catalog.lower(NEW.topic)", 1009, "topic")]
    [InlineData("NEW.content := pg_catalog.upper(NEW.content)", 1010, "content")]
    public async Task Trigger_that_changes_an_entry_is_said_once(string change, int id, string column)
    {
        var database = await CreateAsync(
            $"CREATE FUNCTION public.f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN {change}; RETURN NEW; END'; "
            + "CREATE TRIGGER changes BEFORE INSERT ON public.research_cache FOR EACH ROW EXECUTE FUNCTION public.f()");
        var log = new WarningLog();
        await using var services = log.Services().AddAiSystemSpec(database).BuildServiceProvider();
        var cache = services.GetRequiredService<IResearchCache>();
        _ = await cache.SaveAsync("same", "SAME");
        Assert.Empty(log.Of(id));
        var stored = await cache.SaveAsync("Topic", "text");
        _ = await cache.SaveAsync("Topic", "text");
        Assert.Contains("trigger changes", Assert.Single(log.Of(id)), StringComparison.Ordinal);
        Assert.Equal(column == "topic" ? "topic" : "Topic", stored.Topic);
    }

    [Fact]
    public async Task Trigger_that_takes_the_topic_away_is_said()
    {
        var database = await CreateAsync(
            "ALTER TABLE public.research_cache ALTER topic DROP NOT NULL; "
            + "CREATE FUNCTION public.f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.topic := NULL; RETURN NEW; END'; "
            + "CREATE TRIGGER changes BEFORE INSERT ON public.research_cache FOR EACH ROW EXECUTE FUNCTION public.f()");
        var log = new WarningLog();
        await using var services = log.Services().AddAiSystemSpec(database).BuildServiceProvider();
        _ = await services.GetRequiredService<IResearchCache>().SaveAsync("Topic", "text");
        Assert.Contains("trigger changes", Assert.Single(log.Of(1009)), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(OtherDefaults))]
    public async Task Default_that_makes_entries_old_or_not_yet_is_said_once(string value, string said)
    {
        var database = await CreateAsync($"ALTER TABLE public.research_cache ALTER created_at SET DEFAULT {value}");
        var log = new WarningLog();
        await using var services = log.Services().AddAiSystemSpec(database).BuildServiceProvider();
        var cache = services.GetRequiredService<IResearchCache>();
        _ = await cache.GetOrResearchAsync("T", (_, _) => Task.FromResult("x"));
        _ = await cache.SaveAsync("T", "y");
        Assert.Contains(said, Assert.Single(log.Of(1008)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("now()")]
    [InlineData("CURRENT_TIMESTAMP")]
    [InlineData("clock_timestamp()")]
    [InlineData("statement_timestamp()")]
    [InlineData("date_trunc('second', now())")]
    [InlineData("timezone('utc', now())")] // on a database in UTC
    public async Task Default_that_is_right_says_nothing(string value)
    {
        var database = await CreateAsync($"ALTER TABLE public.research_cache ALTER created_at SET DEFAULT {value}");
        await Sql.ExecuteAsync(database, "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET timezone = ''UTC''', current_database()); END $$");
        var log = new WarningLog();
        await using var services = log.Services().AddAiSystemSpec(database).BuildServiceProvider();
        _ = await services.GetRequiredService<IResearchCache>().SaveAsync("T", "y");
        Assert.Empty(log.Of(1008));
    }

    private async Task<string> CreateAsync(string shape)
    {
        _ = postgres;
        var database = await PostgresFixture.CreateDatabaseAsync();
        await Sql.ExecuteAsync(database, shape);
        return database + ";Maximum Pool Size=10"; // the server takes 100 in all
    }
}
