namespace AiSystemSpec.Sdk.Transfer;

/// <summary>A column of a table, as a file has it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">What the server reads its text as.</param>
internal readonly record struct TransferColumn(string Name, string Type)
{
    public bool IsJson => Type is TransferTable.Jsonb;

    public bool IsText => Type is TransferTable.Text;
}
