namespace AiSystemSpec.Sdk.Scripts.Changes;

/// <summary>A place in the order in which scripts are delivered: behind the script of this transaction with this id.</summary>
/// <param name="Xid">The transaction's id, widened to 64 bits.</param>
/// <param name="Id">The script's id.</param>
internal readonly record struct XidPosition(long Xid, Guid Id)
{
    /// <summary>Behind all that came before the transaction.</summary>
    public static XidPosition Before(long xid) => new(xid - 1, Guid.AllBitsSet);
}
