namespace AiSystemSpec.Sdk.IntegrationTests.Migrations;

/// <summary>What can become of a form of database.</summary>
internal enum FormOutcome
{
    /// <summary>It is adopted as it is.</summary>
    Served,

    /// <summary>It is refused, with SQL that makes it adoptable.</summary>
    Mended,

    /// <summary>It is refused, with a question that no SQL can answer.</summary>
    Asked,
}
