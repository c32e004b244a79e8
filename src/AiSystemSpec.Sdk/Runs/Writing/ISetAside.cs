namespace AiSystemSpec.Sdk.Runs.Writing;

/// <summary>Takes the rows that the database refuses for their own sake.</summary>
internal interface ISetAside
{
    /// <summary>Takes one row; <paramref name="exception"/> is null where the table has its id with other content.</summary>
    void Add(StoredRow row, Exception? exception);
}
