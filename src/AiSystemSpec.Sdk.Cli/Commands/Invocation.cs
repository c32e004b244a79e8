using System.CommandLine;
using AiSystemSpec.Sdk.Cli.Output;
using AiSystemSpec.Sdk.Cli.Terminal;
using AiSystemSpec.Sdk.Connections;
using AiSystemSpec.Sdk.Connections.Opening;
using AiSystemSpec.Sdk.Connections.Settings;
using AiSystemSpec.Sdk.Migrations;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace AiSystemSpec.Sdk.Cli.Commands;

/// <summary>Runs a command's work over the connection that was asked for.</summary>
internal static class Invocation
{
    public static async Task<int> WithMigratorAsync(ParseResult parsed, CliHost host, Func<IAiSystemSpecMigrator, Task<int>> work)
    {
        var connection = await FindConnectionAsync(parsed, host).ConfigureAwait(false);
        var services = new ServiceCollection().AddAiSystemSpecMigrations(connection).BuildServiceProvider();
        await using (services.ConfigureAwait(false))
        {
            return await work(services.GetRequiredService<IAiSystemSpecMigrator>()).ConfigureAwait(false);
        }
    }

    /// <summary>Runs work that tells its progress, and says how the last step ended.</summary>
    public static async Task<T> WithProgressAsync<T>(ProgressLines progress, Func<Task<T>> work)
    {
        try
        {
            var result = await work().ConfigureAwait(false);
            progress.End(isDone: true);
            return result;
        }
        catch
        {
            progress.End(isDone: false);
            throw;
        }
    }

    public static async Task<int> WithServicesAsync(
        ParseResult parsed, CliHost host, Func<IServiceProvider, Task<int>> work, CancellationToken cancellationToken)
    {
        var connection = await FindConnectionAsync(parsed, host).ConfigureAwait(false);
        var services = new ServiceCollection().AddAiSystemSpec(connection).BuildServiceProvider();
        await using (services.ConfigureAwait(false))
        {
            var isOpen = false;
            try
            {
                await TryServerAsync(services.GetRequiredService<Database>(), host, cancellationToken).ConfigureAwait(false);
                isOpen = true;
                return await work(services).ConfigureAwait(false);
            }
            catch (Exception exception) when (ConnectionErrors.IsOne(exception) || (exception is NpgsqlException && !isOpen))
            {
                var sentence = ConnectionErrors.Describe(exception, ConnectionString.Parse(connection, SharedOptions.ConnectionVariable));
                throw new MigrationException(MigrationErrorKind.CannotConnect, sentence, exception);
            }
        }
    }

    /// <summary>
    /// Opens a connection before the work, so that what fails here is known to be an error of connecting; a time limit of a command is
    /// not.
    /// </summary>
    private static async Task TryServerAsync(Database database, CliHost host, CancellationToken cancellationToken)
    {
        var version = await database.ExecuteAsync(static (connection, _, _) => ValueTask.FromResult(connection.PostgreSqlVersion), state: 0, cancellationToken).ConfigureAwait(false);
        if (ServerVersion.DescribeIfTooOld(version) is { } sentence)
        {
            await host.Error.WriteLineAsync($"Warning: {sentence}").ConfigureAwait(false);
        }
    }

    private static async Task<string> FindConnectionAsync(ParseResult parsed, CliHost host)
    {
        var connection = parsed.GetValue(SharedOptions.Connection) ?? host.ReadVariable(SharedOptions.ConnectionVariable);
        if (string.IsNullOrWhiteSpace(connection))
        {
            throw new UsageException($"No connection is given. Set {SharedOptions.ConnectionVariable}, or pass --connection \"Host=…;Username=…;Database=…\".");
        }

        var settings = ConnectionString.Parse(connection, SharedOptions.ConnectionVariable, out var ignored);
        if (ignored.Count > 0)
        {
            await host.Error.WriteLineAsync($"Warning: parameters that mean something to other clients only are ignored: {string.Join(", ", ignored)}.").ConfigureAwait(false);
        }

        foreach (var (setting, sentence) in ConnectionAdvice.ForOneCommand(settings))
        {
            await host.Error.WriteLineAsync($"Warning: {setting}: {sentence}").ConfigureAwait(false);
        }

        return connection;
    }
}
