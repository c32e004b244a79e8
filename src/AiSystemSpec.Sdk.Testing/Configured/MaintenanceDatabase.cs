using Npgsql;

namespace AiSystemSpec.Sdk.Testing.Configured;

/// <summary>The database in which CREATE DATABASE is said.</summary>
internal static class MaintenanceDatabase
{
    private const string Usual = "postgres";

    /// <summary>
    /// The usual one; where it is not there or not open to us, the one that the string names: nothing is put into either.
    /// </summary>
    public static async Task<string> FindAsync(NpgsqlConnectionStringBuilder named, CancellationToken cancellationToken)
    {
        var usual = new NpgsqlConnectionStringBuilder(named.ConnectionString) { Database = Usual, Pooling = false };
        try
        {
            await OpenAsync(usual.ConnectionString, cancellationToken).ConfigureAwait(false);
            return usual.ConnectionString;
        }
        catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.InvalidCatalogName or PostgresErrorCodes.InsufficientPrivilege
                                                      or PostgresErrorCodes.InvalidAuthorizationSpecification)
        {
            var given = new NpgsqlConnectionStringBuilder(named.ConnectionString) { Pooling = false };
            await OpenAsync(given.ConnectionString, cancellationToken).ConfigureAwait(false);
            return given.ConnectionString;
        }
    }

    private static async Task OpenAsync(string connectionString, CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(connectionString);
        await using (connection.ConfigureAwait(false))
        {
            await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
