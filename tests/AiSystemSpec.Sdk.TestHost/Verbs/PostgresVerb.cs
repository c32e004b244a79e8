using AiSystemSpec.Sdk.Testing;

namespace AiSystemSpec.Sdk.TestHost.Verbs;

/// <summary>
/// Starts a server, as the environment says, says its connection string, and never disposes it: <c>wait</c> until it is killed,
/// <c>return</c> from Main at once.
/// </summary>
internal static class PostgresVerb
{
    public static async Task<int> RunAsync(string[] arguments)
    {
        var postgres = await EphemeralPostgres.StartAsync();
        _ = await postgres.CreateDatabaseAsync();
        Console.WriteLine("READY");
        Console.WriteLine(postgres.ConnectionString);
        if (arguments is ["wait"])
        {
            await Task.Delay(Timeout.Infinite);
        }

        return 0;
    }
}
