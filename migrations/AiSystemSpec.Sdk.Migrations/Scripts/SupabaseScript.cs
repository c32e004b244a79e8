using System.Text;
using AiSystemSpec.Sdk.Migrations.EntityFramework;
using AiSystemSpec.Sdk.Migrations.History;

namespace AiSystemSpec.Sdk.Migrations.Scripts;

/// <summary>
/// The migrations as files for <c>supabase/migrations</c>. Supabase's CLI runs a file in a transaction, so indexes are built there without
/// CONCURRENTLY: good for a project that begins; a live database is migrated with the migrator.
/// </summary>
internal static class SupabaseScript
{
    public static IReadOnlyList<SqlFile> Write(MigrationCatalog catalog) =>
        [.. catalog.Up.Select((script, number) => new SqlFile { Name = $"{script.Id}.sql", Text = Write(script, isFirst: number == 0) })];

    // In one block, so that what the migrator has applied already is left out.
    private static string Write(MigrationScript script, bool isFirst)
    {
        var sql = new StringBuilder();
        if (isFirst)
        {
            sql.Append(HistoryTable.CreateSchemaSql).Append("\n\n").Append(HistoryTable.CreateTableSql).Append("\n\n");
        }

        sql.Append("DO $migration$\nBEGIN\n")
            .Append("IF EXISTS (SELECT FROM ").Append(HistoryTable.QualifiedName).Append(" WHERE \"MigrationId\" = '").Append(script.Id).Append("') THEN RETURN; END IF;\n")
            .Append("PERFORM pg_catalog.set_config('lock_timeout', '5s', true);\n\n");
        foreach (var statement in script.Statements)
        {
            sql.Append("EXECUTE $statement$").Append(WithoutConcurrently(statement)).Append("$statement$;\n\n");
        }

        return sql.Append(script.HistorySql).Append("\nEND\n$migration$;\n\nRESET search_path;\n").ToString();
    }

    private static string WithoutConcurrently(SqlStatement statement) =>
        statement.Index is null ? statement.Text : statement.Text.Replace(" CONCURRENTLY", "", StringComparison.Ordinal);
}
