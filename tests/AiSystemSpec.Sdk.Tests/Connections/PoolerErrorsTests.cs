using AiSystemSpec.Sdk.Connections.Opening;
using Npgsql;

namespace AiSystemSpec.Sdk.Tests.Connections;

public sealed class PoolerErrorsTests
{
    [Theory]
    [InlineData("server conn crashed?", true)]
    [InlineData("client_idle_timeout", true)]
    [InlineData("query_wait_timeout", true)]
    [InlineData("server_idle_timeout", true)]
    [InlineData("no more connections allowed (max_client_conn)", true)]
    [InlineData("server_login_retry", true)]
    [InlineData("pgbouncer cannot connect to server", true)]
    [InlineData("SASL authentication failed", false)]
    [InlineData("password authentication failed", false)]
    [InlineData("no such database: x", false)]
    [InlineData("unsupported startup parameter: search_path", false)]
    public void Error_of_a_pooler_is_repeated_unless_it_lets_nobody_in(string message, bool expected) =>
        Assert.Equal(expected, TransientErrors.IsTransient(new PostgresException(message, "FATAL", "FATAL", PostgresErrorCodes.ProtocolViolation)));

    [Fact]
    public void Same_code_of_a_server_is_an_error_of_the_statement() =>
        Assert.False(TransientErrors.IsTransient(new PostgresException("bind message supplies 1 parameters", "ERROR", "ERROR", PostgresErrorCodes.ProtocolViolation, routine: "exec_bind_message")));
}
