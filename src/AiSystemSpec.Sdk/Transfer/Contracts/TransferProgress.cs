namespace AiSystemSpec.Sdk;

/// <summary>How far an export or an import has come.</summary>
public sealed record TransferProgress
{
    /// <summary>Gets how many rows were dealt with.</summary>
    public required long Rows { get; init; }

    /// <summary>Gets how many bytes of the file were written or read.</summary>
    public required long Bytes { get; init; }
}
