using AiSystemSpec.Sdk.Paging;

namespace AiSystemSpec.Sdk.Scripts.Changes;

/// <summary>A script that is to be delivered, without its content.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Xid">The transaction that wrote it, widened to 64 bits; 0 where it is not asked for.</param>
/// <param name="Moment">Its <c>created_at</c>, as in <see cref="KeysetPosition"/>.</param>
/// <param name="Size">How many bytes its content takes in the table.</param>
internal readonly record struct ScriptKey(Guid Id, long Xid, long? Moment, int Size);
