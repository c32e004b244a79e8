using AiSystemSpec.Sdk.Connections;

namespace AiSystemSpec.Sdk.Transfer.Importing;

/// <summary>The statements of an import. Values come as texts, and the server reads them: no year, number or depth is lost on the way.</summary>
internal sealed class ImportSql
{
    public const string Lock = "SELECT pg_catalog.pg_advisory_xact_lock($1)";

    public ImportSql(TransferTable table)
    {
        var columns = table.Columns;
        var parameters = string.Join(", ", columns.Select((_, at) => $"${at + 1}"));

        // With several arguments unnest is grammar: it stands for pg_catalog's, whatever the search_path, and may not be qualified.
        var rows = $"unnest({parameters}) WITH ORDINALITY AS row ({table.Names}, at)";
        var distinct = $"(SELECT DISTINCT ON ({columns[0].Name}) * FROM {rows} ORDER BY {columns[0].Name}, at) AS row";
        var insert = $"INSERT INTO {table.Qualified} ({table.Names}) SELECT {string.Join(", ", columns.Select(column => $"row.{column.Name}::{column.Type}"))} FROM {distinct}";
        var same = columns.Skip(1).Select(column => column switch
        {
            { IsJson: true } => $"known.{column.Name}::{column.Type} IS NOT DISTINCT FROM row.{column.Name}::{column.Type}",
            { IsText: true } => $"known.{column.Name} COLLATE \"C\" IS NOT DISTINCT FROM row.{column.Name}",
            _ => $"known.{column.Name} IS NOT DISTINCT FROM row.{column.Name}::{column.Type}",
        });
        IsKeyed = IdKey.IsThere(table.Qualified);
        Insert = $"{insert} ON CONFLICT DO NOTHING RETURNING {columns[0].Name}";
        InsertUnkeyed =
            $"""
            {insert}
            WHERE NOT EXISTS (SELECT FROM {table.Qualified} AS known WHERE known.{columns[0].Name} = row.{columns[0].Name})
            ON CONFLICT DO NOTHING RETURNING {columns[0].Name}
            """;
        FindKnown =
            $"""
            SELECT row.at, {string.Join(", ", same)}
            FROM {rows} JOIN {table.Qualified} AS known ON known.{columns[0].Name} = row.{columns[0].Name}
            """;
    }

    /// <summary>Gets what asks whether the table keeps ids apart.</summary>
    public string IsKeyed { get; }

    /// <summary>Gets what inserts what is not there, and returns the ids of it.</summary>
    public string Insert { get; }

    /// <summary>Gets the same for a table that does not keep ids apart.</summary>
    public string InsertUnkeyed { get; }

    /// <summary>Gets what tells, of rows by their place from 1, that their ids are there, and whether as they are.</summary>
    public string FindKnown { get; }
}
