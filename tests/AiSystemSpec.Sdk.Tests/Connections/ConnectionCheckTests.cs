using AiSystemSpec.Sdk.Connections;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiSystemSpec.Sdk.Tests.Connections;

public sealed class ConnectionCheckTests
{
    [Fact]
    public async Task Check_may_be_disposed_and_stopped_again()
    {
        var check = new ConnectionCheck(NullLogger.Instance);
        await check.DisposeAsync();

        check.Stop();
        await check.DisposeAsync();
    }
}
