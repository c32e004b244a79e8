using AiSystemSpec.Sdk.Migrations.Connections;
using AiSystemSpec.Sdk.Migrations.Statements;

namespace AiSystemSpec.Sdk.Migrations.Catalog;

/// <summary>Where the extension pg_trgm is, or would be created.</summary>
/// <param name="Schema">Its schema, quoted where it must be; null where the database does not have the extension.</param>
/// <param name="HasExtensionsSchema">Whether there is a schema for extensions, as at Supabase.</param>
internal sealed record FoundTrigrams(string? Schema, bool HasExtensionsSchema)
{
    private const string Read = $"""
        SELECT (SELECT pg_catalog.quote_ident(n.nspname) FROM pg_catalog.pg_extension e
                JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = '{TrigramSearch.Extension}'),
               EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = '{TrigramSearch.ExtensionsSchema}')
        """;

    public static async Task<FoundTrigrams> ReadAsync(Session session, CancellationToken cancellationToken) =>
        (await session.QueryAsync(
            Read, reader => new FoundTrigrams(reader.IsDBNull(0) ? null : reader.GetString(0), reader.GetBoolean(1)), cancellationToken).ConfigureAwait(false))[0];
}
