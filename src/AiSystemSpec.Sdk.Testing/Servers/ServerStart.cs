using System.Globalization;
using AiSystemSpec.Sdk.Testing.Local;

namespace AiSystemSpec.Sdk.Testing.Servers;

/// <summary>Tries the ways in their order.</summary>
internal sealed class ServerStart(EphemeralPostgresOptions options, TestingEnvironment environment)
{
    private readonly List<string> _failed = [];

    /// <summary>Each way that was tried in vain, and what it said.</summary>
    public IReadOnlyList<string> Failed => _failed;

    public async Task<IPostgresServer> RunAsync(CancellationToken cancellationToken)
    {
        foreach (var way in Ways())
        {
            if (await TryAsync(way, cancellationToken).ConfigureAwait(false) is { } server)
            {
                return server;
            }
        }

        throw new EphemeralPostgresException(Message());
    }

    private IEnumerable<IPostgresWay> Ways()
    {
        yield return new LocalWay(environment);
    }

    private async Task<IPostgresServer?> TryAsync(IPostgresWay way, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(options.StartupTimeout);
        try
        {
            return await way.StartAsync(options, timeout.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            _failed.Add(string.Create(CultureInfo.InvariantCulture, $"{way.Name}: no answer within {options.StartupTimeout.TotalSeconds} s"));
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            _failed.Add($"{way.Name}: {exception.Message}");
        }

        return null;
    }

    private string Message() => string.Join(Environment.NewLine, ["No PostgreSQL server for tests.", .. _failed.Select(static said => "- " + said)]);
}
