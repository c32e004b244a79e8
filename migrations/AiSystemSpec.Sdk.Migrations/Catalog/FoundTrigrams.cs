using AiSystemSpec.Sdk.Migrations.Connections;
using AiSystemSpec.Sdk.Migrations.Statements;
using SdkSchema = AiSystemSpec.Sdk.Persistence.Schema;

namespace AiSystemSpec.Sdk.Migrations.Catalog;

/// <summary>Where the extension pg_trgm is, or would be created.</summary>
/// <param name="Schema">Its schema, quoted where it must be.</param>
/// <param name="IsInstalled">Whether the database has the extension.</param>
internal sealed record FoundTrigrams(string Schema, bool IsInstalled)
{
    /// <summary>Where it is; else the schema for extensions, as at Supabase; else the tables' own.</summary>
    public const string ChooseSchemaSql = $"""
        SELECT coalesce((SELECT pg_catalog.quote_ident(n.nspname) FROM pg_catalog.pg_extension e
                         JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = '{TrigramSearch.Extension}'),
                        (SELECT nspname::pg_catalog.text FROM pg_catalog.pg_namespace WHERE nspname = '{TrigramSearch.ExtensionsSchema}'),
                        '{SdkSchema.Name}')
        """;

    private const string Read = $"{ChooseSchemaSql}, EXISTS (SELECT FROM pg_catalog.pg_extension WHERE extname = '{TrigramSearch.Extension}')";

    public static async Task<FoundTrigrams> ReadAsync(Session session, CancellationToken cancellationToken) =>
        (await session.QueryAsync(Read, reader => new FoundTrigrams(reader.GetString(0), reader.GetBoolean(1)), cancellationToken).ConfigureAwait(false))[0];
}
