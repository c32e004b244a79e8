using System.CommandLine;
using AiSystemSpec.Sdk.Cli.Commands;
using AiSystemSpec.Sdk.Cli.Output;
using AiSystemSpec.Sdk.Cli.Terminal;
using AiSystemSpec.Sdk.Connections.Opening;
using AiSystemSpec.Sdk.Migrations;
using Npgsql;

namespace AiSystemSpec.Sdk.Cli;

/// <summary>Parses, runs one command, and turns every error into a sentence and an exit code.</summary>
internal static class CliApplication
{
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, CliHost host, CancellationToken cancellationToken = default)
    {
        var parsed = CreateRoot(host).Parse([.. arguments]);
        if (UsageErrors.HasSome(parsed))
        {
            await UsageErrors.WriteAsync(parsed, host).ConfigureAwait(false);
            return ExitCode.Usage;
        }

        try
        {
            var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, Output = host.Out, Error = host.Error };
            return await parsed.InvokeAsync(configuration, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            var (code, sentence) = Describe(exception);
            if (host.HasOpenLine)
            {
                await host.Error.WriteLineAsync().ConfigureAwait(false);
            }

            await host.Error.WriteLineAsync(parsed.GetValue(SharedOptions.Trace) ? $"{sentence}\n{exception}" : sentence).ConfigureAwait(false);
            return code;
        }
    }

    private static RootCommand CreateRoot(CliHost host) => new("Operates the database of AiSystemSpec.Sdk. The connection comes from --connection or AISYSTEMSPEC_CONNECTION.")
    {
        SharedOptions.Connection,
        SharedOptions.Trace,
        StatusCommand.Create(host),
        PlanCommand.Create(host),
        MigrateCommand.Create(host),
        AdoptCommand.Create(host),
        VerifyCommand.Create(host),
        ScriptCommand.Create(host),
        RollbackCommand.Create(host),
        GrantCommand.Create(host),
        IdentityCommand.Create(host),
        RunsCommand.Create(host),
        ScriptsCommand.Create(host),
        ExportCommand.Create(host),
        ImportCommand.Create(host),
        PurgeCommand.Create(host),
        SpoolCommand.Create(host),
    };

    private static (int Code, string Sentence) Describe(Exception exception) => exception switch
    {
        MigrationException { Kind: MigrationErrorKind.CannotConnect } => (ExitCode.CannotConnect, exception.Message),
        MigrationException => (ExitCode.FailedOrRefused, OptionNames.InsteadOfProperties(exception.Message)),
        NotFoundException => (ExitCode.FailedOrRefused, VisibleText.OneLine(exception.Message)),
        RetentionException => (ExitCode.FailedOrRefused, exception.Message),
        UsageException => (ExitCode.Usage, VisibleText.OneLine(exception.Message)),
        ArgumentException argument => (ExitCode.Usage, OptionNames.InsteadOfProperties(argument.Message.Replace($" (Parameter '{argument.ParamName}')", "", StringComparison.Ordinal))),
        OperationCanceledException => (ExitCode.FailedOrRefused, "Cancelled. What was done is kept, what was not is taken back; run it again to go on."),
        PostgresException { SqlState: PostgresErrorCodes.UndefinedTable } table => (ExitCode.FailedOrRefused, $"The database lacks a table of the SDK: {ConnectionErrors.Detail(table)} Run aispec migrate, or aispec adopt where others made the tables."),
        PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } right => (ExitCode.FailedOrRefused, $"The role lacks a right: {ConnectionErrors.Detail(right)} Let the owner run aispec grant for it."),
        PostgresException postgres => (ExitCode.FailedOrRefused, $"The server refused: {ConnectionErrors.Detail(postgres)}{(postgres.Where is null ? "" : $" CONTEXT: {postgres.Where.ReplaceLineEndings(" ")}.")} Correct what it names and run it again."),
        NpgsqlException { InnerException: TimeoutException } => (ExitCode.FailedOrRefused, $"A time limit was reached: {ConnectionErrors.Detail(exception)} Timeout and Command Timeout in the connection string set the limits, in seconds."),
        IOException or UnauthorizedAccessException => (ExitCode.FailedOrRefused, VisibleText.OneLine(exception.Message)),
        _ => (ExitCode.FailedOrRefused, $"Something went wrong that the tool did not foresee: {exception.Message} Run it again with --trace and report it."),
    };
}
