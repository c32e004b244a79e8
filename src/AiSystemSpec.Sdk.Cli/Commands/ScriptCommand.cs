using System.CommandLine;
using AiSystemSpec.Sdk.Migrations;
using Microsoft.Extensions.DependencyInjection;

namespace AiSystemSpec.Sdk.Cli.Commands;

internal static class ScriptCommand
{
    // Scripts are written without a database; the migrator only wants to know one.
    private const string NoDatabase = "Host=localhost";

    public static Command Create(CliHost host)
    {
        var output = new Option<string?>("--output") { Description = "The file to write; standard output by default." };
        var supabase = new Option<string?>("--supabase") { Description = "Write files for Supabase's CLI into this folder (supabase/migrations) instead." };
        var command = new Command("script", "Writes all migrations as one script for psql, which may be run again. Needs no database.") { output, supabase };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var services = new ServiceCollection().AddAiSystemSpecMigrations(NoDatabase).BuildServiceProvider();
            await using (services.ConfigureAwait(false))
            {
                var migrator = services.GetRequiredService<IAiSystemSpecMigrator>();
                if (parsed.GetValue(supabase) is { } folder)
                {
                    await WriteSupabaseAsync(migrator, host, folder, cancellationToken).ConfigureAwait(false);
                    return ExitCode.Done;
                }

                var script = await migrator.ScriptAsync(cancellationToken).ConfigureAwait(false);
                await (parsed.GetValue(output) is { } path ? File.WriteAllTextAsync(path, script, cancellationToken) : host.Out.WriteAsync(script)).ConfigureAwait(false);
                return ExitCode.Done;
            }
        });
        return command;
    }

    private static async Task WriteSupabaseAsync(IAiSystemSpecMigrator migrator, CliHost host, string folder, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        foreach (var file in await migrator.ScriptSupabaseAsync(cancellationToken).ConfigureAwait(false))
        {
            var path = Path.Combine(folder, file.Name);
            await File.WriteAllTextAsync(path, file.Text, cancellationToken).ConfigureAwait(false);
            await host.Out.WriteLineAsync(path).ConfigureAwait(false);
        }
    }
}
