namespace AiSystemSpec.Sdk.Migrations.Verification;

/// <summary>A column as the schema defines it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type, as PostgreSQL prints it.</param>
/// <param name="IsNotNull">Whether it refuses NULL.</param>
/// <param name="Default">Its default, as PostgreSQL prints it.</param>
/// <param name="IsAlwaysWritten">Whether the services give every row a value, so that the column may refuse NULL.</param>
internal sealed record CanonicalColumn(string Name, string Type, bool IsNotNull = false, string? Default = null, bool IsAlwaysWritten = false);
