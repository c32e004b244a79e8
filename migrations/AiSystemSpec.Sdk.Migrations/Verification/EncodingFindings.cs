namespace AiSystemSpec.Sdk.Migrations.Verification;

/// <summary>Says when the database cannot hold every text, or does not know what a text is.</summary>
internal static class EncodingFindings
{
    private const string Read = "SELECT pg_catalog.pg_encoding_to_char(encoding)::text FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()";

    public static async Task<IReadOnlyList<SchemaFinding>> FindAsync(Probe probe)
    {
        var (encodings, _) = await probe.ReadAsync(Read, reader => reader.GetString(0)).ConfigureAwait(false);
        return encodings is [var encoding] && encoding is not "UTF8" ? [Finding(encoding)] : [];
    }

    private static SchemaFinding Finding(string encoding) => new(
        FindingSeverity.Warning,
        "the database",
        encoding is "SQL_ASCII"
            ? "the encoding SQL_ASCII, which checks and converts nothing: what another program wrote in another encoding may not be readable, and texts are cut by bytes"
            : $"the encoding {encoding}, which refuses texts with characters that it does not have",
        "the encoding UTF8",
        fixSql: null)
    {
        Advice = "A database keeps its encoding. Is it to hold every text? Then dump it, and restore it into one that was created with ENCODING 'UTF8'.",
        Query = "SELECT datname, pg_catalog.pg_encoding_to_char(encoding) FROM pg_catalog.pg_database;",
    };
}
