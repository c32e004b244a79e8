using AiSystemSpec.Sdk.Migrations.Catalog;
using AiSystemSpec.Sdk.Specification;

namespace AiSystemSpec.Sdk.Migrations.Verification;

/// <summary>How values of one type become those of another.</summary>
/// <param name="Using">The expression that converts a value.</param>
/// <param name="IsSure">Whether it does so for every value.</param>
/// <param name="Price">What operators should know before they run it.</param>
internal sealed record TypeConversion(string Using, bool IsSure, string Price = Remedies.Rewrites)
{
    /// <summary>Gets what must be true of a value, where the expression alone would change it silently.</summary>
    public string? Condition { get; init; }

    /// <summary>Gets whether the values stay as they are stored, and with them the indexes.</summary>
    public bool KeepsStorage { get; init; }

    public static bool IsText(string type) =>
        type is "text" or "character" or "name" or "citext" || type.StartsWith("character varying", StringComparison.Ordinal) || type.StartsWith("character(", StringComparison.Ordinal);

    /// <returns>The conversion; null where someone must decide.</returns>
    public static TypeConversion? Find(FoundColumn found, CanonicalColumn expected)
    {
        var name = found.Name;
        return (found.Type, expected.Type) switch
        {
            (var type, Schema.Types.Text) when type.StartsWith("character varying", StringComparison.Ordinal) =>
                new($"{name}::pg_catalog.text", IsSure: true, "-- locks for a moment, and rewrites nothing") { KeepsStorage = true },
            (_, Schema.Types.Text) => new($"{name}::pg_catalog.text", IsSure: true),
            ("json", Schema.Types.Jsonb) => new($"{name}::pg_catalog.jsonb", IsSure: false),
            (var type, Schema.Types.Jsonb) when IsText(type) => new($"{name}::pg_catalog.jsonb", IsSure: false),
            (var type, Schema.Types.Uuid) when IsText(type) => new($"{name}::pg_catalog.uuid", IsSure: false),
            ("smallint" or "boolean", Schema.Types.Int) => new($"{name}::pg_catalog.int4", IsSure: true),
            (var type, Schema.Types.Int) when type is "bigint" or "real" or "double precision" || type.StartsWith("numeric", StringComparison.Ordinal) =>
                new($"{name}::pg_catalog.int4", IsSure: false)
                {
                    Condition = $"{name} IS NULL OR ({name} BETWEEN {int.MinValue} AND {int.MaxValue} AND {name}::pg_catalog.numeric = pg_catalog.trunc({name}::pg_catalog.numeric))",
                },
            (var type, Schema.Types.Int) when IsText(type) => new($"{name}::pg_catalog.int4", IsSure: false),
            (var type, Schema.Types.TimestampTz) when type.StartsWith("timestamp", StringComparison.Ordinal) && type.EndsWith(" with time zone", StringComparison.Ordinal) => new(name, IsSure: true, "-- locks for a moment"),
            (var type, Schema.Types.TimestampTz) when type is "date" || type.StartsWith("timestamp", StringComparison.Ordinal) =>
                new($"{name}::pg_catalog.timestamp AT TIME ZONE 'UTC'", IsSure: true, "-- takes what is there for UTC (write another zone where it was a local time), and " + Remedies.Rewrites["-- ".Length..]),
            _ => null,
        };
    }

    /// <summary>The statement. A default is taken off and put back: not every one becomes another type by itself.</summary>
    public string Alter(string table, FoundColumn found, CanonicalColumn expected)
    {
        var column = $"ALTER COLUMN {found.Name}";
        var hasDefault = found is { Default: not null, Identity: ' ', Generated: ' ' };
        var byDefault = expected.Default ?? $"({found.Default})::{expected.Type}";
        return $"ALTER TABLE {table} {(hasDefault ? $"{column} DROP DEFAULT, " : "")}{column} TYPE {expected.Type} USING {Using}{(hasDefault ? $", {column} SET DEFAULT {byDefault}" : "")}; {Price}";
    }

    /// <summary>A condition that is true of the values that can be converted, as near as the server's version can say.</summary>
    public string Others(FoundColumn found, int serverVersion)
    {
        var (name, text) = (found.Name, $"{found.Name}::pg_catalog.text");
        if (Condition is not null)
        {
            return Condition;
        }

        var type = Using[(Using.LastIndexOf("pg_catalog.", StringComparison.Ordinal) + "pg_catalog.".Length)..];
        return serverVersion >= 16 ? $"{name} IS NULL OR pg_catalog.pg_input_is_valid({text}, '{type}')" : type switch
        {
            "uuid" => $$"""{{name}} IS NULL OR {{text}} ~* '^[{]?[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}[}]?$'""",
            "int4" => $$"""{{name}} IS NULL OR {{text}} ~ '^\s*[-+]?[0-9]{1,9}\s*$'""",
            _ => $$"""{{name}} IS NULL OR ({{text}} ~ '^\s*([\[{"]|-?[0-9]|true|false|null)' AND {{text}} !~ '\\u0000')""",
        };
    }
}
