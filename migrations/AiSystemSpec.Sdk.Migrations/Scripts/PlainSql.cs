using System.Globalization;
using System.Text;
using AiSystemSpec.Sdk.Migrations.EntityFramework;
using AiSystemSpec.Sdk.Migrations.History;
using AiSystemSpec.Sdk.Migrations.Statements;

namespace AiSystemSpec.Sdk.Migrations.Scripts;

/// <summary>The one writer of the files in <c>migrations/sql</c>.</summary>
internal static class PlainSql
{
    /// <summary>Writes every migration, up and down.</summary>
    /// <returns>File names and their texts.</returns>
    public static IEnumerable<(string FileName, string Text)> WriteAll(MigrationCatalog catalog)
    {
        foreach (var script in catalog.Up)
        {
            yield return ($"{script.Id}.up.sql", Write(script, script != catalog.CreateTables ? "" : $"{HistoryTable.CreateSchemaSql}\n\n{HistoryTable.CreateTableSql}\n\n"));
        }

        foreach (var script in catalog.Down)
        {
            yield return ($"{script.Id}.down.sql", Write(script, prelude: ""));
        }
    }

    private static string Write(MigrationScript script, string prelude)
    {
        var sql = new StringBuilder($"-- {script.Id}: written from the migration, see migrations/README.md.\n\n").Append(prelude);
        sql.Append(script.IsTransactional
            ? $"START TRANSACTION ISOLATION LEVEL READ COMMITTED;\nSET LOCAL lock_timeout = '{Seconds(MigrateOptions.DefaultLockTimeout)}';\n{TimeLimits.LiftInTransaction}\n\n"
            : $"SET lock_timeout = '{Seconds(MigrateOptions.DefaultIndexLockTimeout)}';\n{TimeLimits.Lift}\n\n");
        foreach (var statement in script.Statements)
        {
            sql.Append(statement.Text).Append("\n\n");
        }

        sql.Append("-- The record of the migration.\n").Append(script.HistorySql);
        return sql.Append(script.IsTransactional ? "\n\nCOMMIT;\n" : $"\n\nRESET lock_timeout;\n{TimeLimits.Restore}\n").ToString();
    }

    private static string Seconds(TimeSpan value) => string.Create(CultureInfo.InvariantCulture, $"{value.TotalSeconds}s");
}
