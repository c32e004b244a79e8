using AiSystemSpec.Sdk.Cli;

namespace AiSystemSpec.Sdk.IntegrationTests.Cli;

/// <summary>One call of the tool, in this process.</summary>
internal sealed record CliRun(int Code, string Out, string Error)
{
    public static async Task<CliRun> OfAsync(string? connection, params string[] arguments)
    {
        await using var output = new StringWriter();
        await using var error = new StringWriter();
        var host = new CliHost(output, error, IsTerminal: false, name => name == "AISYSTEMSPEC_CONNECTION" ? connection : null);
        var code = await CliApplication.RunAsync(arguments, host);
        return new CliRun(code, output.ToString(), error.ToString());
    }
}
