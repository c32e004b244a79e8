using AiSystemSpec.Sdk.Specification;

namespace AiSystemSpec.Sdk.Migrations.Statements;

/// <summary>Closes tables to Supabase's public roles. Does nothing on a database that has none of its roles.</summary>
/// <remarks>Row level security alone would leave TRUNCATE, which is not a row operation, to whoever was granted it.</remarks>
internal static class ClosedAccess
{
    public const string PolicyName = "service_role_all";

    /// <summary>What the statement begins with.</summary>
    public const string Beginning = "DO $close$";

    /// <summary>One statement for these tables; needs a <c>search_path</c> of <c>pg_catalog</c> only.</summary>
    public static string For(params IEnumerable<string> tables) => $"""
        {Beginning}
        DECLARE
          target text;
          public_role text;
        BEGIN
          IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname IN ('anon', 'authenticated', 'service_role')) THEN
            RETURN; -- not a Supabase database
          END IF;
          FOREACH target IN ARRAY ARRAY[{string.Join(", ", tables.Select(table => $"'{table}'"))}] LOOP
            EXECUTE pg_catalog.format('ALTER TABLE {Schema.Name}.%I ENABLE ROW LEVEL SECURITY', target);
            EXECUTE pg_catalog.format('REVOKE ALL ON TABLE {Schema.Name}.%I FROM PUBLIC', target);
            FOR public_role IN SELECT rolname FROM pg_catalog.pg_roles WHERE rolname IN ('anon', 'authenticated') LOOP
              EXECUTE pg_catalog.format('REVOKE ALL ON TABLE {Schema.Name}.%I FROM %I', target, public_role);
            END LOOP;
            IF EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'service_role') THEN
              EXECUTE pg_catalog.format('GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE {Schema.Name}.%I TO service_role', target);
              EXECUTE pg_catalog.format('DROP POLICY IF EXISTS {PolicyName} ON {Schema.Name}.%I', target);
              EXECUTE pg_catalog.format('CREATE POLICY {PolicyName} ON {Schema.Name}.%I FOR ALL TO service_role USING (true) WITH CHECK (true)', target);
            END IF;
          END LOOP;
        END
        $close$;
        """;
}
