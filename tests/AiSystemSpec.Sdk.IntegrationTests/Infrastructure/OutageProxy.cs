using AiSystemSpec.Sdk.TestKit.Wire;

namespace AiSystemSpec.Sdk.IntegrationTests.Infrastructure;

/// <summary>Stands between the services and a server, under an address that stays the same while the server is away.</summary>
internal sealed class OutageProxy(string connectionString) : WireProxy(connectionString)
{
    private volatile bool _isAway;

    protected override bool IsOpen => !_isAway;

    /// <summary>Takes the server away.</summary>
    public void TakeAway()
    {
        _isAway = true;
        BreakAll();
    }

    public void BringBack() => _isAway = false;
}
