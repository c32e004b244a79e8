using Npgsql;

namespace AiSystemSpec.Sdk.Transfer.Exporting;

/// <summary>What rows must fulfil beside their place, for which they are read.</summary>
/// <param name="Conditions">What the server says, about the table as <c>s</c>.</param>
/// <param name="Parameters">The parameters of it, the ids of the rows first.</param>
/// <param name="Accepts">What is said here, about a row, whose columns are the table's from the second on; null where the server says all.</param>
internal sealed record LineFilter(IEnumerable<string> Conditions, IReadOnlyList<NpgsqlParameter> Parameters, Func<NpgsqlDataReader, bool>? Accepts);
