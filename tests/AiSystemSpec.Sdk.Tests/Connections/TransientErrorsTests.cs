using AiSystemSpec.Sdk.Connections.Opening;
using Npgsql;

namespace AiSystemSpec.Sdk.Tests.Connections;

public sealed class TransientErrorsTests
{
    [Theory]
    [InlineData(PostgresErrorCodes.ObjectNotInPrerequisiteState, false)] // a published table without a replica identity stays one
    [InlineData(PostgresErrorCodes.AdminShutdown, true)]
    [InlineData(PostgresErrorCodes.UniqueViolation, false)]
    public void IsTransient_by_what_a_repetition_could_change(string state, bool expected) =>
        Assert.Equal(expected, TransientErrors.IsTransient(new PostgresException("it failed", "ERROR", "ERROR", state)));

    [Fact]
    public void Detail_shows_the_servers_hint()
    {
        var exception = new PostgresException(
            "cannot delete from table \"scripts\" because it does not have a replica identity and publishes deletes", "ERROR", "ERROR",
            PostgresErrorCodes.ObjectNotInPrerequisiteState, hint: "To enable deleting from the table, set REPLICA IDENTITY using ALTER TABLE.");

        Assert.EndsWith("publishes deletes. To enable deleting from the table, set REPLICA IDENTITY using ALTER TABLE.", ConnectionErrors.Detail(exception), StringComparison.Ordinal);
    }
}
