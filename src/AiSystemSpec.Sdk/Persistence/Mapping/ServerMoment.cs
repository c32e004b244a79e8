namespace AiSystemSpec.Sdk.Persistence.Mapping;

/// <summary>Stands in queries for a moment as the server keeps it, also where .NET has none like it.</summary>
internal static class ServerMoment
{
    /// <summary>The server's microseconds of a column that holds a <c>timestamptz</c>; translated, never called.</summary>
    public static long? Of(DateTimeOffset? createdAt) =>
        throw new InvalidOperationException("The method stands for a column in a query. It is not called.");
}
