using System.CommandLine;
using AiSystemSpec.Sdk.Cli.Terminal;
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
        var withSimilarity = SharedOptions.WithSimilarity();
        var command = new Command("script", "Writes all migrations as one script for psql, which may be run again. Needs no database.") { output, supabase, withSimilarity };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var services = new ServiceCollection().AddAiSystemSpecMigrations(NoDatabase).BuildServiceProvider();
            await using (services.ConfigureAwait(false))
            {
                var migrator = services.GetRequiredService<IAiSystemSpecMigrator>();
                if (parsed.GetValue(supabase) is { } folder)
                {
                    ThrowIfSimilarity(parsed.GetValue(withSimilarity));
                    await WriteSupabaseAsync(migrator, host, folder, cancellationToken).ConfigureAwait(false);
                    return ExitCode.Done;
                }

                var script = await migrator.ScriptAsync(new MigrateOptions { WithSimilarity = parsed.GetValue(withSimilarity) }, cancellationToken).ConfigureAwait(false);
                if (parsed.GetValue(output) is { } path)
                {
                    await File.WriteAllTextAsync(path, script, cancellationToken).ConfigureAwait(false);
                    await host.Out.WriteLineAsync($"Wrote {VisibleText.OneLine(path)}: all migrations, for psql. It may be run again, and does then what is left.").ConfigureAwait(false);
                }
                else
                {
                    await host.Out.WriteAsync(script).ConfigureAwait(false);
                }

                return ExitCode.Done;
            }
        });
        return command;
    }

    // No migration, so it has no file of its own there.
    private static void ThrowIfSimilarity(bool isAsked)
    {
        if (isAsked)
        {
            throw new UsageException("--with-similarity does not go with --supabase: Supabase's CLI runs a file in a transaction, where the index over a table with rows would stop writers. Run aispec migrate --with-similarity after the push.");
        }
    }

    private static async Task WriteSupabaseAsync(
        IAiSystemSpecMigrator migrator, CliHost host, string folder, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        foreach (var file in await migrator.ScriptSupabaseAsync(cancellationToken).ConfigureAwait(false))
        {
            var path = Path.Combine(folder, file.Name);
            await File.WriteAllTextAsync(path, file.Text, cancellationToken).ConfigureAwait(false);
            await host.Out.WriteLineAsync($"Wrote {VisibleText.OneLine(path)}").ConfigureAwait(false);
        }
    }
}
