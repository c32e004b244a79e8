using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using AiSystemSpec.Sdk.Migrations.History;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace AiSystemSpec.Sdk.Migrations.Scripts;

/// <summary>The one writer of the files in <c>migrations/sql</c>, and the reader of those that are embedded in this package.</summary>
internal static class PlainSql
{
    private const string RecordMarker = "-- The record of the migration.";

    /// <summary>Writes every migration, up and down.</summary>
    /// <returns>File names and their texts.</returns>
    public static IEnumerable<(string FileName, string Text)> WriteAll(MigrationCatalog catalog)
    {
        foreach (var script in catalog.Up)
        {
            var statements = WriteStatements(script, script != catalog.CreateTables ? "" : $"{HistoryTable.CreateSchemaSql}\n\n{HistoryTable.CreateTableSql}\n\n");
            var record = HistoryTable.InsertSql(script.Id, ProductInfo.GetVersion(), Checksum(statements));
            yield return ($"{script.Id}.up.sql", $"{statements}{WriteEnd(script, record)}");
        }

        foreach (var script in catalog.Down)
        {
            yield return ($"{script.Id}.down.sql", $"{WriteStatements(script, prelude: "")}{WriteEnd(script, script.HistorySql)}");
        }
    }

    /// <summary>The checksum of a migration's statements as they were released; null while its file is not written yet.</summary>
    public static string? FindChecksum(string migrationId)
    {
        var assembly = Assembly.GetExecutingAssembly();
        using var stream = assembly.GetManifestResourceStream($"sql/{migrationId}.up.sql");
        if (stream is null)
        {
            return null;
        }

        using var reader = new StreamReader(stream);
        var text = reader.ReadToEnd().ReplaceLineEndings("\n");
        return Checksum(text[..text.IndexOf(RecordMarker, StringComparison.Ordinal)]);
    }

    private static string Checksum(string statements) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(statements)));

    private static string WriteStatements(MigrationScript script, string prelude)
    {
        var sql = new StringBuilder($"-- {script.Id}: written from the migration, see migrations/README.md.\n\n").Append(prelude);
        sql.Append(script.IsTransactional ? $"START TRANSACTION;\nSET LOCAL lock_timeout = '{Seconds(MigrateOptions.DefaultLockTimeout)}';\n\n" : $"SET lock_timeout = '{Seconds(MigrateOptions.DefaultIndexLockTimeout)}';\n\n");
        foreach (var statement in script.Statements)
        {
            sql.Append(statement.Text).Append("\n\n");
        }

        return sql.ToString();
    }

    private static string Seconds(TimeSpan value) => string.Create(CultureInfo.InvariantCulture, $"{value.TotalSeconds}s");

    private static string WriteEnd(MigrationScript script, string record) =>
        $"{RecordMarker}\n{record}\n{(script.IsTransactional ? "\nCOMMIT;\n" : "\nRESET lock_timeout;\n")}";
}
