namespace AiSystemSpec.Sdk.Transfer.Reading;

/// <summary>Reads the rows of a file in one format, one after the other.</summary>
internal interface IRecordReader
{
    IAsyncEnumerable<FileRecord> ReadAsync(CancellationToken cancellationToken);
}
