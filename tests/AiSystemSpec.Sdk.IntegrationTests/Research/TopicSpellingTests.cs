using System.Text;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure.Routes;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace AiSystemSpec.Sdk.IntegrationTests.Research;

/// <summary>
/// Two spellings are two topics and every topic is found, whatever the database counts, and whatever its collation takes for equal.
/// </summary>
public sealed class TopicSpellingTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly int[] Lengths = [1, 63, 64, 85, 86, 127, 128, 129, 250, 255, 256, 257, 300, 1_000];

    public static TheoryData<string, string> Encodings { get; } = new()
    {
        { "SQL_ASCII", "aé語😀" },
        { "UTF8", "aé語😀" },
        { "LATIN1", "aé" },
        { "EUC_JP", "a語" },
    };

    [Theory]
    [MemberData(nameof(Encodings))]
    public async Task Topic_of_any_length_is_found_in_any_encoding(string encoding, string characters)
    {
        var database = await CreateAsync(encoding);
        await using var sdk = HostServices.Over(database);
        var topics = characters.EnumerateRunes().SelectMany(rune => Lengths.Select(length => new StringBuilder().Insert(0, rune.ToString(), length).ToString())).ToList();
        foreach (var topic in topics)
        {
            _ = await sdk.Research.SaveAsync(topic, $"content {topic.Length}");
        }

        var many = await sdk.Research.GetFreshAsync(topics);
        Assert.Equal(topics.Count, many.Count);
        foreach (var topic in topics)
        {
            Assert.Equal(topic, (await sdk.Research.GetFreshAsync([topic])).Single().Key);
            Assert.Equal(ResearchOutcome.Hit, (await sdk.Research.GetOrResearchAsync(topic, (_, _) => throw new NotSupportedException())).Outcome);
            Assert.NotNull(await sdk.Research.GetLatestAsync(topic));
            Assert.Equal(1, await sdk.Research.GetHistoryAsync(topic).CountAsync());
            Assert.Equal(1, await sdk.Research.RemoveAsync(topic));
        }
    }

    [Theory]
    [MemberData(nameof(Encodings))]
    public async Task Content_of_any_characters_counts_as_stored_as_given_in_any_encoding(string encoding, string characters)
    {
        var database = await CreateAsync(encoding);
        var log = new WarningLog();
        await using var services = log.Services().AddAiSystemSpec(database).BuildServiceProvider();
        var cache = services.GetRequiredService<IResearchCache>();
        var contents = characters.EnumerateRunes().SelectMany(rune => Enumerable.Range(0, 4).Select(before =>
            new string('x', before) + new StringBuilder().Insert(0, rune.ToString(), 100))); // a character begins and ends anywhere
        foreach (var content in contents)
        {
            _ = await cache.SaveAsync("T", content);
            Assert.Equal(content, (await cache.GetFreshAsync("T"))!.Content);
        }

        await Sql.ExecuteAsync(
            database,
            "CREATE FUNCTION public.f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.content := pg_catalog.upper(NEW.content); RETURN NEW; END'; "
            + "CREATE TRIGGER changes BEFORE INSERT ON public.research_cache FOR EACH ROW EXECUTE FUNCTION public.f()");
        Assert.Empty(log.Of(1010));
        _ = await cache.SaveAsync("T", "text");
        _ = Assert.Single(log.Of(1010)); // what came before did not use up the questions
    }

    [Fact]
    public async Task Collation_that_takes_two_spellings_for_one_does_not_decide()
    {
        var database = await CreateNondeterministicAsync();
        await using var sdk = HostServices.Over(database);
        string[] topics = ["Topic", "topic", "SYSTEM", "System", new('L', 300), new('l', 300)];
        foreach (var topic in topics)
        {
            Assert.Null(await sdk.Research.GetLatestAsync(topic));
            _ = await sdk.Research.SaveAsync(topic, $"of {topic}");
            Assert.Equal($"of {topic}", (await sdk.Research.GetFreshAsync(topic))!.Content);
        }

        _ = await sdk.Research.WriteSystemEventAsync("System Boot");
        Assert.Equal(["System Boot"], await sdk.Research.GetSystemEventsAsync().Select(entry => entry.Content).ToListAsync());
        var many = await sdk.Research.GetFreshAsync([.. topics, "TOPIC"]);
        Assert.Equal(topics.Order(StringComparer.Ordinal), many.Keys.Order(StringComparer.Ordinal));
        Assert.All(many, pair => Assert.Equal($"of {pair.Key}", pair.Value.Content));
        var researched = await sdk.Research.GetOrResearchAsync("tOPIC", (_, _) => Task.FromResult("another"));
        Assert.Equal((ResearchOutcome.Researched, MissReason.Absent), (researched.Outcome, researched.MissReason));
        Assert.Equal(1, await sdk.Research.RemoveAsync("topic"));
        Assert.Equal(1, await sdk.Research.GetHistoryAsync("Topic").CountAsync());
        Assert.Equal(5, (await sdk.Research.GetFreshAsync([.. topics])).Count);
    }

    [Fact]
    public async Task Script_is_found_by_its_text_under_such_a_collation()
    {
        var database = await CreateNondeterministicAsync();
        await using var sdk = HostServices.Over(database);
        _ = await sdk.Scripts.SaveAsync("Some 100% Text");
        _ = await sdk.Scripts.SaveAsync("{\"kind\":\"News\"}");
        Assert.NotNull(await sdk.Scripts.GetLatestAsync(new ScriptFilter { Contains = "100% T" }));
        Assert.Null(await sdk.Scripts.GetLatestAsync(new ScriptFilter { Contains = "100% t" }));
        Assert.NotNull(await sdk.Scripts.GetLatestAsync(new ScriptFilter { JsonPath = "kind", JsonValue = "News" }));
        Assert.Null(await sdk.Scripts.GetLatestAsync(new ScriptFilter { JsonPath = "kind", JsonValue = "news" }));
    }

    [Fact]
    public async Task Run_is_found_by_every_spelling_of_its_own_id_under_such_a_collation()
    {
        var database = await PostgresFixture.CreateDatabaseAsync();
        await Sql.ExecuteAsync(
            database,
            """
            CREATE COLLATION public.ci (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
            ALTER TABLE public.pipeline_runs ALTER run_id TYPE text COLLATE public.ci, ALTER stage TYPE text COLLATE public.ci;
            INSERT INTO public.pipeline_runs (run_id, stage, status) VALUES ('Run', 'script', 'success'), ('Run:script:2', 'script', 'success'), ('Run:qa:1', NULL, 'success'), ('run', 'script', 'success'), ('run:script:2', 'script', 'success');
            INSERT INTO public.pipeline_runs (run_id, stage, status, input_refs) VALUES ('x', 'script', 'success', '{"root_run_id":"Run"}');
            """);
        await using var sdk = HostServices.Over(database);
        Assert.Equal(4, (await sdk.History.GetRunAsync("Run"))!.Rows.Count);
        Assert.Equal(4, (await sdk.History.GetRunAsync("Run:script:2"))!.Rows.Count);
        Assert.Equal(2, (await sdk.History.GetRunAsync("run"))!.Rows.Count);
        Assert.Null(await sdk.History.GetRunAsync("RUN"));
    }

    [Fact]
    public async Task Unique_index_under_such_a_collation_has_one_row_for_all_spellings()
    {
        var database = await CreateNondeterministicAsync();
        await Sql.ExecuteAsync(database, "CREATE UNIQUE INDEX ux ON public.research_cache (topic)");
        await using var sdk = HostServices.Over(database);
        _ = await sdk.Research.SaveAsync("Topic", "1");
        _ = await sdk.Research.SaveAsync("TOPIC", "2");
        Assert.Equal("2", (await sdk.Research.GetFreshAsync("TOPIC"))!.Content);
        Assert.Null(await sdk.Research.GetFreshAsync("Topic")); // that row is the other spelling's now
    }

    [Fact]
    public async Task Table_that_refuses_a_subquery_for_each_topic_is_asked_otherwise()
    {
        // As a table distributed by Citus: 0A000 for the lateral subquery.
        var database = await PostgresFixture.CreateDatabaseAsync();
        await Sql.ExecuteAsync(
            database,
            """
            ALTER TABLE public.research_cache RENAME TO shards;
            CREATE FUNCTION public.distributed() RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER AS $$
            BEGIN
              IF pg_catalog.current_query() LIKE '%LATERAL%' THEN RAISE EXCEPTION 'not for distributed tables' USING ERRCODE = '0A000'; END IF;
              RETURN true;
            END $$;
            CREATE VIEW public.research_cache AS SELECT * FROM public.shards WHERE public.distributed();
            GRANT ALL ON public.research_cache TO PUBLIC;
            """);
        await using var sdk = HostServices.Over(database);
        string[] topics = ["a", "b", new('c', 300), "none", "undated", "stale"];
        foreach (var topic in topics.Take(3))
        {
            await Sql.ExecuteAsync(database, "INSERT INTO public.shards (topic, content, created_at) SELECT $1, i::text, now() - i * interval '1 hour' FROM generate_series(0, 20) AS i", topic);
        }

        await Sql.ExecuteAsync(database, "INSERT INTO public.shards (topic, content, created_at) VALUES ('undated', 'u', NULL), ('stale', 's', now() - interval '8 days'), ('beside', 'x', now())");
        foreach (var asked in new[] { topics, topics.Where(topic => topic.Length < 256).ToArray() })
        {
            var found = await sdk.Research.GetFreshAsync(asked);
            Assert.Equal(asked.Except(["none", "undated", "stale"]).Order(), found.Keys.Order());
            Assert.All(found.Values, entry => Assert.Equal("0", entry.Content));
        }
    }

    private static async Task<string> CreateNondeterministicAsync()
    {
        var database = await PostgresFixture.CreateDatabaseAsync();
        await Sql.ExecuteAsync(
            database,
            """
            CREATE COLLATION public.ci (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
            ALTER TABLE public.research_cache ALTER topic TYPE text COLLATE public.ci, ALTER content TYPE text COLLATE public.ci;
            ALTER TABLE public.scripts ALTER content TYPE text COLLATE public.ci;
            """);
        return database;
    }

    /// <summary>A database of another encoding, which is no copy of the run's template: directly, as its owner.</summary>
    private async Task<string> CreateAsync(string encoding)
    {
        var server = TestRoute.Direct(postgres.Server.ConnectionString);
        var name = $"encoding_{Guid.NewGuid():N}";
        await Sql.ExecuteAsync(server, $"CREATE DATABASE {name} TEMPLATE template0 ENCODING '{encoding}' LC_COLLATE 'C' LC_CTYPE 'C'");
        var database = new NpgsqlConnectionStringBuilder(server) { Database = name }.ConnectionString;
        await TemplateDatabase.MigrateAsync(database);
        return database;
    }
}
