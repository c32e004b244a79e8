namespace AiSystemSpec.Sdk.Connections.Opening;

/// <summary>
/// Where in a container the data source of <c>AddAiSystemSpec</c> is found by the packages beside the SDK: a keyed
/// <c>Func&lt;NpgsqlDataSource&gt;</c>.
/// </summary>
internal static class SharedConnection
{
    // Of the framework's types alone: each package has this class as one of its own.
    public static object KeyOf(object? serviceKey) => ("AiSystemSpec.Sdk: data source", serviceKey);
}
