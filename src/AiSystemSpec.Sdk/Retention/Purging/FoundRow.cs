using NpgsqlTypes;

namespace AiSystemSpec.Sdk.Retention.Purging;

/// <summary>A row that is to be deleted.</summary>
/// <param name="Place">Where its version stands in the table.</param>
/// <param name="Id">Its id.</param>
internal readonly record struct FoundRow(NpgsqlTid Place, Guid Id);
