namespace AiSystemSpec.Sdk.Migrations.Catalog;

/// <summary>A trigger of one of the three tables that is on.</summary>
/// <param name="Table">Its table.</param>
/// <param name="Name">Its name.</param>
/// <param name="MayChangeRows">Whether it runs before a row is written, and may change it or leave it out.</param>
/// <param name="Definition">How the server prints it.</param>
/// <param name="Function">Its function, qualified.</param>
internal sealed record FoundTrigger(string Table, string Name, bool MayChangeRows, string Definition, string Function);
