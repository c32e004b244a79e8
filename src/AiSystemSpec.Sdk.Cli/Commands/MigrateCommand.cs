using System.CommandLine;
using AiSystemSpec.Sdk.Cli.Output;
using AiSystemSpec.Sdk.Migrations;

namespace AiSystemSpec.Sdk.Cli.Commands;

internal static class MigrateCommand
{
    public static Command Create(CliHost host)
    {
        var json = SharedOptions.Json();
        var allowPooler = SharedOptions.AllowPooler();
        var lockTimeout = Seconds("--lock-timeout", MigrateOptions.DefaultLockTimeout, "Seconds that a statement in a transaction waits for another session's lock.");
        var indexLockTimeout = Seconds("--index-lock-timeout", MigrateOptions.DefaultIndexLockTimeout, "Seconds that the build of an index waits for other transactions.");
        var runWait = Seconds("--run-wait", MigrateOptions.DefaultRunWait, "Seconds to wait for another run to end.");
        var command = new Command("migrate", "Applies the pending migrations, one run at a time.") { json, allowPooler, lockTimeout, indexLockTimeout, runWait };
        command.SetAction((parsed, cancellationToken) => Invocation.WithMigratorAsync(parsed, host, async migrator =>
        {
            var options = new MigrateOptions
            {
                AllowPooler = parsed.GetValue(allowPooler),
                LockTimeout = TimeSpan.FromSeconds(parsed.GetValue(lockTimeout)),
                IndexLockTimeout = TimeSpan.FromSeconds(parsed.GetValue(indexLockTimeout)),
                RunWait = TimeSpan.FromSeconds(parsed.GetValue(runWait)),
                Progress = new ProgressLines(host),
            };
            var result = await migrator.MigrateAsync(options, cancellationToken).ConfigureAwait(false);
            await (parsed.GetValue(json)
                ? JsonOutput.WriteAsync(host, result)
                : host.Out.WriteLineAsync(result.Applied.Count == 0 ? "Nothing was left to do." : $"Applied: {string.Join(", ", result.Applied)}.")).ConfigureAwait(false);
            return ExitCode.Done;
        }));
        return command;
    }

    private static Option<double> Seconds(string name, TimeSpan byDefault, string description) =>
        new(name) { Description = $"{description} Default: {byDefault.TotalSeconds}.", DefaultValueFactory = _ => byDefault.TotalSeconds };
}
