using System.Globalization;
using AiSystemSpec.Sdk.Testing.Servers;

namespace AiSystemSpec.Sdk.Testing.Ways;

/// <summary>Tries the ways in their order.</summary>
internal sealed class ServerStart(EphemeralPostgresOptions options, TestingEnvironment environment)
{
    private static readonly string[] Remedies =
    [
        $"Set {TestingEnvironment.ConnectionVariable} to a server on which databases may be created (keywords or postgresql://…).",
        "Start a Docker engine that has, or can pull, the image.",
        $"Install PostgreSQL's server (15 or newer), or set {TestingEnvironment.BinariesVariable} to the folder that holds initdb and postgres.",
    ];

    private readonly List<string> _failed = [];

    /// <summary>Each way that was tried in vain, and what it said.</summary>
    public IReadOnlyList<string> Failed => _failed;

    public async Task<IPostgresServer> RunAsync(CancellationToken cancellationToken)
    {
        foreach (var way in WayChoice.Of(options, environment))
        {
            if (await TryAsync(way, cancellationToken).ConfigureAwait(false) is { } server)
            {
                return server;
            }
        }

        throw new EphemeralPostgresException(Message());
    }

    private async Task<IPostgresServer?> TryAsync(IPostgresWay way, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(options.StartupTimeout, environment.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            return await way.StartAsync(options, either.Token).ConfigureAwait(false);
        }
        catch (Exception) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            _failed.Add(string.Create(CultureInfo.InvariantCulture, $"{way.Name}: no answer within {options.StartupTimeout.TotalSeconds} s"));
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            _failed.Add($"{way.Name}: {exception.Message}");
        }

        return null;
    }

    private string Message() => string.Join(
        Environment.NewLine,
        [
            "There is no PostgreSQL server for tests. What was tried:", .. _failed.Select(static said => "- " + said),
            "Any one of these helps:", .. Remedies.Select(static remedy => "- " + remedy),
        ]);
}
