using System.CommandLine;
using AiSystemSpec.Sdk.Cli.Output;
using AiSystemSpec.Sdk.Cli.Terminal;
using AiSystemSpec.Sdk.Migrations;

namespace AiSystemSpec.Sdk.Cli.Commands;

internal static class MigrateCommand
{
    public static Command Create(CliHost host)
    {
        var (json, verbose) = (SharedOptions.Json(), SharedOptions.Verbose());
        var allowPooler = SharedOptions.AllowPooler();
        var withSimilarity = SharedOptions.WithSimilarity();
        var lockTimeout = SharedOptions.Seconds("--lock-timeout", MigrateOptions.DefaultLockTimeout, "Seconds that a statement in a transaction waits for another session's lock.");
        var indexLockTimeout = SharedOptions.Seconds("--index-lock-timeout", MigrateOptions.DefaultIndexLockTimeout, "Seconds that the build of an index waits for other transactions.");
        var runWait = SharedOptions.Seconds("--run-wait", MigrateOptions.DefaultRunWait, "Seconds to wait for another run to end; 0 for no wait.", least: TimeSpan.Zero);
        var command = new Command("migrate", "Applies the pending migrations, one run at a time.") { json, verbose, allowPooler, withSimilarity, lockTimeout, indexLockTimeout, runWait };
        command.SetAction((parsed, cancellationToken) => Invocation.WithMigratorAsync(parsed, host, async migrator =>
        {
            var progress = new ProgressLines(host, parsed.GetValue(verbose), TimeProvider.System);
            var options = new MigrateOptions
            {
                AllowPooler = parsed.GetValue(allowPooler),
                WithSimilarity = parsed.GetValue(withSimilarity),
                LockTimeout = parsed.GetValue(lockTimeout) ?? MigrateOptions.DefaultLockTimeout,
                IndexLockTimeout = parsed.GetValue(indexLockTimeout) ?? MigrateOptions.DefaultIndexLockTimeout,
                RunWait = parsed.GetValue(runWait) ?? MigrateOptions.DefaultRunWait,
                Progress = progress,
                Activity = progress,
            };
            var result = await Invocation.WithProgressAsync(progress, () => migrator.MigrateAsync(options, cancellationToken)).ConfigureAwait(false);
            await (parsed.GetValue(json)
                ? JsonOutput.WriteAsync(host, result)
                : host.Out.WriteLineAsync(Say(result, options, progress.Elapsed))).ConfigureAwait(false);
            return ExitCode.Done;
        }));
        return command;
    }

    private static string Say(MigrationResult result, MigrateOptions options, string elapsed)
    {
        var applied = result.Applied.Count > 0 ? $"Applied: {string.Join(", ", result.Applied)}. It took {elapsed}." : options.WithSimilarity ? "No migration was pending." : "Nothing was left to do.";
        return options.WithSimilarity ? $"{applied} The search by similarity is ready." : applied;
    }
}
