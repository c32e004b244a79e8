using AiSystemSpec.Sdk.Runs.Formatting;
namespace AiSystemSpec.Sdk.Runs.Queue;

/// <summary>Takes the rows that cannot be written while others can.</summary>
internal interface ISetAside
{
    /// <summary>Takes one row; <paramref name="exception"/> is null where the table has its id with other content.</summary>
    void Add(StoredRow row, Exception? exception);
}
