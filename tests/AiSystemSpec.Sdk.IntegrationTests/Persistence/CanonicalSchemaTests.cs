using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;

namespace AiSystemSpec.Sdk.IntegrationTests.Persistence;

/// <summary>A migrated database against SCHEMA.md, written out here by hand: nothing of it comes from the model.</summary>
public sealed class CanonicalSchemaTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const string ColumnsSql =
        """
        SELECT string_agg(concat_ws(' | ', a.attname, format_type(a.atttypid, a.atttypmod), CASE WHEN a.attnotnull THEN 'not null' ELSE 'null' END,
                                    coalesce(pg_get_expr(d.adbin, d.adrelid), '-')), E'\n' ORDER BY a.attnum)
        FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        WHERE a.attrelid = to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped
        """;

    private const string ConstraintsSql =
        "SELECT string_agg(contype::text || ' ' || pg_get_constraintdef(oid), E'\\n' ORDER BY conname) FROM pg_constraint WHERE conrelid = to_regclass($1) AND contype <> 'n'";

    [Theory]
    [InlineData("public.research_cache",
        """
        id | uuid | not null | gen_random_uuid()
        topic | text | not null | -
        content | text | null | -
        created_at | timestamp with time zone | null | now()
        """)]
    [InlineData("public.scripts",
        """
        id | uuid | not null | gen_random_uuid()
        content | text | null | -
        created_at | timestamp with time zone | null | now()
        """)]
    [InlineData("public.pipeline_runs",
        """
        id | uuid | not null | gen_random_uuid()
        run_id | text | null | -
        stage | text | null | -
        status | text | null | -
        attempts | integer | null | -
        input_refs | jsonb | null | -
        output_refs | jsonb | null | -
        error_summary | text | null | -
        metrics | jsonb | null | -
        created_at | timestamp with time zone | null | now()
        """)]
    public async Task Migrated_table_is_the_schemas_word_by_word(string table, string columns)
    {
        Assert.Equal(columns.ReplaceLineEndings("\n"), await Sql.ScalarAsync<string>(postgres.ConnectionString, ColumnsSql, table));
        Assert.Equal("p PRIMARY KEY (id)", await Sql.ScalarAsync<string>(postgres.ConnectionString, ConstraintsSql, table));
    }

    [Fact]
    public async Task Migrated_database_has_no_other_table_in_public() =>
        Assert.Equal("pipeline_runs,research_cache,scripts", await Sql.ScalarAsync<string>(
            postgres.ConnectionString, "SELECT string_agg(relname, ',' ORDER BY relname) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f')"));

    [Fact]
    public async Task Indexes_are_valid_and_none_but_the_keys_is_unique()
    {
        Assert.Equal(8L, await Sql.ScalarAsync<long>(postgres.ConnectionString, "SELECT count(*) FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid WHERE c.relnamespace = 'public'::regnamespace AND indisvalid"));
        Assert.Equal(3L, await Sql.ScalarAsync<long>(postgres.ConnectionString, "SELECT count(*) FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid WHERE c.relnamespace = 'public'::regnamespace AND indisunique"));
    }

    [Theory]
    [InlineData("INSERT INTO public.research_cache (topic, content) VALUES ($1, $1)")]
    [InlineData("INSERT INTO public.scripts (content) VALUES ($1)")]
    [InlineData("INSERT INTO public.pipeline_runs (run_id, stage, status, input_refs) VALUES ($1, $1, $1, jsonb_build_object('root_run_id', $1::text))")]
    public async Task Index_refuses_no_row_that_the_table_takes(string insert)
    {
        // Incompressible, and four bytes a character in part: a plain btree fails above 2,704 bytes.
        var random = new Random(1);
        var text = string.Concat(Enumerable.Range(0, 10_000).Select(_ => char.ConvertFromUtf32(random.Next(0x10000, 0x10FFFF))));
        await Sql.ExecuteAsync(postgres.ConnectionString, insert, text);
    }
}
