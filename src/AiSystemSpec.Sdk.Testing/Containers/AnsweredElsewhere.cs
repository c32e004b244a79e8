using DotNet.Testcontainers.Configurations;
using DotNet.Testcontainers.Containers;

namespace AiSystemSpec.Sdk.Testing.Containers;

/// <summary>
/// Instead of Testcontainers' own wait, which asks inside the container once a second: <see cref="DockerServer"/> asks from outside, more
/// often.
/// </summary>
internal sealed class AnsweredElsewhere : IWaitUntil
{
    public Task<bool> UntilAsync(IContainer container) => Task.FromResult(true);
}
