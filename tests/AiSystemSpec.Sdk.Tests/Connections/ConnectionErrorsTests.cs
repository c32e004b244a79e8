using System.Net.Sockets;
using AiSystemSpec.Sdk.Connections.Opening;
using Npgsql;

namespace AiSystemSpec.Sdk.Tests.Connections;

public sealed class ConnectionErrorsTests
{
    private static readonly SocketException Refused = new((int)SocketError.ConnectionRefused);

    [Fact]
    public void IsOne_leaves_the_time_limit_of_a_command_out()
    {
        Assert.False(ConnectionErrors.IsOne(new NpgsqlException("Exception while reading from stream", new TimeoutException())));
        Assert.True(ConnectionErrors.IsOne(new NpgsqlException("Failed to connect", Refused)));
    }

    [Fact]
    public void Describe_keeps_what_Npgsql_says_of_a_pool_that_is_in_use()
    {
        var error = new NpgsqlException("The connection pool has been exhausted, either raise 'Max Pool Size' (currently 1)", new TimeoutException());

        Assert.Equal(
            "No connection to h:5432 came free: The connection pool has been exhausted, either raise 'Max Pool Size' (currently 1).",
            ConnectionErrors.Describe(error, new NpgsqlConnectionStringBuilder("Host=h")));
    }

    [Theory]
    [InlineData("Host=h", "No server answers at h:5432: ")]
    [InlineData("Host=h:6543", "No server answers at h:6543: ")]
    [InlineData("Host=db1:5432,db2:5433", "No server answers at db1:5432,db2:5433: ")]
    public void Describe_names_each_host_with_one_port(string text, string said) =>
        Assert.StartsWith(said + Refused.Message, ConnectionErrors.Describe(new NpgsqlException("Failed to connect", Refused), new NpgsqlConnectionStringBuilder(text)), StringComparison.Ordinal);
}
