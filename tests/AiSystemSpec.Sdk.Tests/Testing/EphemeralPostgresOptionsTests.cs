using AiSystemSpec.Sdk.Testing;

namespace AiSystemSpec.Sdk.Tests.Testing;

public sealed class EphemeralPostgresOptionsTests
{
    [Fact]
    public void Defaults_are_the_named_constants()
    {
        var options = new EphemeralPostgresOptions();

        Assert.Equal("postgres:17", options.DockerImage);
        Assert.Equal(TimeSpan.FromSeconds(EphemeralPostgresOptions.DefaultStartupTimeoutSeconds), options.StartupTimeout);
        Assert.Null(options.Ways);
        Assert.Empty(options.Settings);
    }

    [Fact]
    public void Values_that_cannot_be_meant_are_refused_when_set()
    {
        var options = new EphemeralPostgresOptions();

        _ = Assert.Throws<ArgumentOutOfRangeException>(() => options.StartupTimeout = TimeSpan.Zero);
        _ = Assert.Throws<ArgumentException>(() => options.DockerImage = " ");
    }
}
