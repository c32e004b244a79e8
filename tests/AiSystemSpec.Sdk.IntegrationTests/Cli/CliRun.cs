using AiSystemSpec.Sdk.Cli;
using AiSystemSpec.Sdk.Cli.Terminal;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure.Routes;

namespace AiSystemSpec.Sdk.IntegrationTests.Cli;

/// <summary>One call of the tool, in this process; where the run goes through a pooler, with that allowed.</summary>
internal sealed record CliRun(int Code, string Out, string Error)
{
    private static readonly string[] Changing = ["migrate", "adopt", "rollback"];

    /// <summary>In a pipe.</summary>
    public static Task<CliRun> OfAsync(string? connection, params string[] arguments) =>
        OfAsync(connection, width: null, noColor: false, arguments);

    /// <summary>On a terminal of some columns, where a width is given.</summary>
    public static async Task<CliRun> OfAsync(string? connection, int? width, bool noColor, params string[] arguments)
    {
        await using var output = new StringWriter();
        await using var error = new StringWriter();
        var (reached, allowed) = connection is null || TestRoute.IsDirect
            ? (connection, arguments)
            : (TestRoute.AsOwner(connection), TestRoute.IsPooled(connection) && Changing.Contains(arguments[0]) ? [.. arguments, "--allow-pooler"] : arguments);
        var host = new CliHost(output, error, name => name switch { "AISYSTEMSPEC_CONNECTION" => reached, "NO_COLOR" when noColor => "1", _ => null })
        {
            Width = width,
            IsTerminal = width is not null,
            ProgressWidth = width ?? 80,
        };
        var code = await CliApplication.RunAsync(allowed, host);
        return new CliRun(code, output.ToString(), error.ToString());
    }
}
