using System.CommandLine;
using AiSystemSpec.Sdk.Connections;
using AiSystemSpec.Sdk.Migrations;
using Microsoft.Extensions.DependencyInjection;

namespace AiSystemSpec.Sdk.Cli.Commands;

/// <summary>Runs a command's work over the connection that was asked for.</summary>
internal static class Invocation
{
    public static async Task<int> WithMigratorAsync(ParseResult parsed, CliHost host, Func<IAiSystemSpecMigrator, Task<int>> work)
    {
        var services = new ServiceCollection().AddAiSystemSpecMigrations(FindConnection(parsed, host)).BuildServiceProvider();
        await using (services.ConfigureAwait(false))
        {
            return await work(services.GetRequiredService<IAiSystemSpecMigrator>()).ConfigureAwait(false);
        }
    }

    public static async Task<int> WithServicesAsync(ParseResult parsed, CliHost host, Func<IServiceProvider, Task<int>> work)
    {
        var connection = FindConnection(parsed, host);
        var services = new ServiceCollection().AddAiSystemSpec(connection).BuildServiceProvider();
        await using (services.ConfigureAwait(false))
        {
            try
            {
                return await work(services).ConfigureAwait(false);
            }
            catch (Exception exception) when (ConnectionErrors.IsOne(exception))
            {
                var sentence = ConnectionErrors.Describe(exception, ConnectionString.Parse(connection, SharedOptions.ConnectionVariable));
                throw new MigrationException(MigrationErrorKind.CannotConnect, sentence, exception);
            }
        }
    }

    private static string FindConnection(ParseResult parsed, CliHost host)
    {
        var connection = parsed.GetValue(SharedOptions.Connection) ?? host.ReadVariable(SharedOptions.ConnectionVariable);
        return string.IsNullOrWhiteSpace(connection)
            ? throw new UsageException($"No connection is given. Set {SharedOptions.ConnectionVariable}, or pass --connection \"Host=…;Username=…;Database=…\".")
            : connection;
    }
}
