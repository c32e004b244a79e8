using System.Text;
using Npgsql;
using NpgsqlTypes;

namespace AiSystemSpec.Sdk.Connections.Opening;

/// <summary>What the services need of a host's own data source and cannot set there. Found out without asking the server.</summary>
internal static class DataSourceNeeds
{
    /// <exception cref="InvalidOperationException">The data source lacks something; the message names the setting.</exception>
    public static void ThrowIfUnmet(NpgsqlDataSource dataSource, NpgsqlConnection connection)
    {
        if ((FindOtherEncoding(dataSource, connection) ?? FindMissingArrays(connection)) is { } sentence)
        {
            throw new InvalidOperationException(sentence);
        }
    }

    // What is sent is UTF-8: a server that takes it for something else stores other letters.
    private static string? FindOtherEncoding(NpgsqlDataSource dataSource, NpgsqlConnection connection)
    {
        var ofServer = connection.PostgresParameters.GetValueOrDefault("client_encoding") ?? "UTF8";
        var ofNpgsql = new NpgsqlConnectionStringBuilder(dataSource.ConnectionString).Encoding;
        return string.Equals(ofServer, "UTF8", StringComparison.OrdinalIgnoreCase) && (ofNpgsql is null || IsUtf8(ofNpgsql))
            ? null
            : "The NpgsqlDataSource given to AiSystemSpec does not speak UTF-8, so that texts would be stored wrongly. Leave Client Encoding and Encoding out of its connection string, and PGCLIENTENCODING out of the environment, or set them to UTF8.";
    }

    private static bool IsUtf8(string name)
    {
        try
        {
            return string.Equals(name, "UTF8", StringComparison.OrdinalIgnoreCase) || Encoding.GetEncoding(name) is UTF8Encoding;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <summary>
    /// A slim builder may have no arrays. A command whose second value no builder can send tells without being sent: it fails over the
    /// first or over the second.
    /// </summary>
    private static string? FindMissingArrays(NpgsqlConnection connection)
    {
        using var command = new NpgsqlCommand("SELECT", connection);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        command.Parameters.Add(new NpgsqlParameter<Unmappable> { TypedValue = new Unmappable(), NpgsqlDbType = NpgsqlDbType.Boolean });
        try
        {
            _ = command.ExecuteNonQuery();
        }
        catch (InvalidCastException exception) when (!exception.Message.Contains(nameof(Unmappable), StringComparison.Ordinal))
        {
            return "The NpgsqlDataSource given to AiSystemSpec cannot send arrays, which the services need. Call EnableArrays() on its NpgsqlSlimDataSourceBuilder, or build it with an NpgsqlDataSourceBuilder.";
        }
        catch (InvalidCastException)
        {
            // Over the second.
        }

        return null;
    }

    private sealed class Unmappable;
}
