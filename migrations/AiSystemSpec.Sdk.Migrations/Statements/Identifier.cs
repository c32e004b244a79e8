namespace AiSystemSpec.Sdk.Migrations.Statements;

/// <summary>Names of others in our SQL.</summary>
internal static class Identifier
{
    public static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
