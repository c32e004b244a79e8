namespace AiSystemSpec.Sdk.Transfer.Importing;

/// <summary>What became of a row of a file.</summary>
internal enum RowFate
{
    /// <summary>It is neither in, nor is its id there.</summary>
    Refused,

    /// <summary>It went in.</summary>
    Imported,

    /// <summary>It was there, as it is.</summary>
    Existing,

    /// <summary>Its id was there, with other content.</summary>
    Different,
}
