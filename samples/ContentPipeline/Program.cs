using AiSystemSpec.Sdk.Migrations;
using AiSystemSpec.Sdk.Testing;
using ContentPipeline;
using ContentPipeline.CommandLine;
using Npgsql;

using var cancellation = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true; // the pipeline ends in order: rows are written, and the throw-away server is removed
    cancellation.Cancel();
};

try
{
    var options = PipelineOptionsParser.Parse(args);
    if (options.ShowHelp)
    {
        Console.WriteLine(PipelineOptions.Help);
        return ExitCode.Done;
    }

    return await new Application(options, Console.Out).RunAsync(cancellation.Token);
}
catch (UsageException exception)
{
    Console.Error.WriteLine(exception.Message);
    return ExitCode.Usage;
}
catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
{
    Console.Error.WriteLine("Cancelled.");
    return ExitCode.Cancelled;
}
catch (Exception exception) when (exception is EphemeralPostgresException or MigrationException or NpgsqlException or IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine(exception.Message);
    return ExitCode.Failed;
}
