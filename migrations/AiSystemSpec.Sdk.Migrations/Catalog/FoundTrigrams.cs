using AiSystemSpec.Sdk.Migrations.Connections;
using AiSystemSpec.Sdk.Migrations.Statements;

namespace AiSystemSpec.Sdk.Migrations.Catalog;

/// <summary>Where the extension pg_trgm is, or would be created.</summary>
/// <param name="Schema">Its schema, quoted where it must be; null where the database does not have the extension.</param>
/// <param name="HasExtensionsSchema">Whether there is a schema for extensions, as at Supabase.</param>
/// <param name="MayGrantUsage">Whether the current role may let others use that schema.</param>
internal sealed record FoundTrigrams(string? Schema, bool HasExtensionsSchema, bool MayGrantUsage)
{
    private const string Read = $"""
        SELECT pg_catalog.quote_ident(n.nspname),
               EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = '{TrigramSearch.ExtensionsSchema}'),
               coalesce(pg_catalog.has_schema_privilege(n.oid, 'USAGE WITH GRANT OPTION'), false)
        FROM (VALUES (1)) AS one
        LEFT JOIN pg_catalog.pg_extension e ON e.extname = '{TrigramSearch.Extension}'
        LEFT JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace
        """;

    public static async Task<FoundTrigrams> ReadAsync(Session session, CancellationToken cancellationToken) =>
        (await session.QueryAsync(
            Read, reader => new FoundTrigrams(reader.IsDBNull(0) ? null : reader.GetString(0), reader.GetBoolean(1), reader.GetBoolean(2)), cancellationToken).ConfigureAwait(false))[0];
}
