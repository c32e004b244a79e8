namespace AiSystemSpec.Sdk.Migrations;

/// <summary>Which migrations a database has.</summary>
public sealed record MigrationStatus
{
    /// <summary>Gets the ids of those of this package that are applied, oldest first.</summary>
    public required IReadOnlyList<string> Applied { get; init; }

    /// <summary>Gets the ids of those of this package that are not applied, oldest first.</summary>
    public required IReadOnlyList<string> Pending { get; init; }

    /// <summary>Gets the ids of those that are applied and that this package does not know: a newer one applied them.</summary>
    public IReadOnlyList<string> Unknown { get; init; } = [];

    /// <summary>
    /// Gets whether one of the three tables is there and no migration made it: <see cref="IAiSystemSpecMigrator.AdoptAsync"/> has to come
    /// before <see cref="IAiSystemSpecMigrator.MigrateAsync"/>, which refuses such a database.
    /// </summary>
    /// <value><see langword="false"/> by default.</value>
    public bool NeedsAdoption { get; init; }

    /// <summary>Gets whether nothing is pending.</summary>
    public bool IsUpToDate => Pending.Count == 0;
}
