namespace AiSystemSpec.Sdk.IntegrationTests.Infrastructure;

/// <summary>Who is connected to a database. Where nobody is, nothing is locked.</summary>
internal static class Sessions
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    /// <summary>Waits until the sessions of others have ended: the server notices a closed connection a moment later.</summary>
    public static Task UntilNoneAsync(string database) => UntilAsync(
        database, "SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend')");

    /// <summary>Waits until a question is answered with true.</summary>
    public static async Task UntilAsync(string database, string question)
    {
        using var timeout = new CancellationTokenSource(Timeout);
        while (!await Sql.ScalarAsync<bool>(database, question))
        {
            await Task.Delay(25, timeout.Token);
        }
    }
}
