using Npgsql;

namespace AiSystemSpec.Sdk.Testing.Servers;

/// <summary>Waits for a server's first answer.</summary>
internal static class ServerAnswer
{
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Asks until the server answers (false) or is found to have ended (true).</summary>
    public static async Task<bool> WaitAsync(
        string connectionString, Func<CancellationToken, Task<bool>> hasEnded, TimeProvider time, CancellationToken cancellationToken)
    {
        while (!await AnswersAsync(connectionString, cancellationToken).ConfigureAwait(false))
        {
            if (await hasEnded(cancellationToken).ConfigureAwait(false))
            {
                return true;
            }

            await Task.Delay(Pause, time, cancellationToken).ConfigureAwait(false);
        }

        return false;
    }

    private static async Task<bool> AnswersAsync(string connectionString, CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(connectionString);
        await using (connection.ConfigureAwait(false))
        {
            try
            {
                await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
                return true;
            }
            catch (NpgsqlException)
            {
                return false;
            }
        }
    }
}
