using AiSystemSpec.Sdk;
using Microsoft.Extensions.DependencyInjection;

namespace SessionSync;

/// <summary>
/// A session that wants every script of the others. It keeps nothing but the cursor of the last script that it dealt with: killed at any
/// moment, it goes on from there.
/// </summary>
internal static class ReadingSession
{
    public const string Verb = "read";

    /// <summary>Where the connection string is: on the command line every user of the machine could read it.</summary>
    public const string ConnectionVariable = "SESSION_CONNECTION";

    private static readonly ScriptWatchOptions Often = new() { MinPoll = TimeSpan.FromMilliseconds(100) };

    public static async Task<int> RunAsync(string cursorFile)
    {
        var connection = Environment.GetEnvironmentVariable(ConnectionVariable) ?? throw new InvalidOperationException($"Set {ConnectionVariable}.");
        await using var services = new ServiceCollection().AddAiSystemSpec(connection).BuildServiceProvider();
        var scripts = services.GetRequiredService<IScriptStore>();

        var cursor = File.Exists(cursorFile) ? await File.ReadAllTextAsync(cursorFile) : null;
        Console.WriteLine(cursor is null ? "begins" : "goes on");
        await foreach (var change in scripts.WatchAsync(cursor, Often))
        {
            Console.WriteLine(change.Script.Content); // whatever is to be done with it; by its id, since it may come twice
            await StoreAsync(cursorFile, change.Cursor);
        }

        return 0;
    }

    /// <summary>Whole or not at all: killed in the middle, the old cursor is there.</summary>
    private static async Task StoreAsync(string cursorFile, string cursor)
    {
        var next = cursorFile + ".next";
        await File.WriteAllTextAsync(next, cursor);
        File.Move(next, cursorFile, overwrite: true);
    }
}
