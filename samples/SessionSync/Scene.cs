using AiSystemSpec.Sdk;
using AiSystemSpec.Sdk.Migrations;
using AiSystemSpec.Sdk.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace SessionSync;

/// <summary>One session writes; another, in a process of its own, reads, is killed, and comes back.</summary>
internal static class Scene
{
    public static async Task<int> RunAsync()
    {
        await using var postgres = await EphemeralPostgres.StartAsync(); // or a connection string of your own
        await using var services = new ServiceCollection().AddAiSystemSpec(postgres.ConnectionString).AddAiSystemSpecMigrations().BuildServiceProvider();
        await services.GetRequiredService<IAiSystemSpecMigrator>().MigrateAsync();
        var folder = Directory.CreateTempSubdirectory("session-sync-");
        try
        {
            await PlayAsync(services.GetRequiredService<IScriptStore>(), postgres.ConnectionString, Path.Combine(folder.FullName, "cursor"));
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task PlayAsync(IScriptStore scripts, string connection, string cursorFile)
    {
        var read = new List<string>();
        await using (var reader = ReaderProcess.Start(connection, cursorFile, Take))
        {
            await SaveAsync(scripts, 1, 3);
            await reader.UntilAsync(() => read.Count >= 3 && File.Exists(cursorFile));
            Console.WriteLine("reader: killed");
        }

        await SaveAsync(scripts, 4, 6);
        await using (var reader = ReaderProcess.Start(connection, cursorFile, Take))
        {
            await reader.UntilAsync(() => read.Contains("scene 6", StringComparer.Ordinal));
        }

        Console.WriteLine($"The reader has {read.Distinct(StringComparer.Ordinal).Count()} of 6 scenes.");

        void Take(string line)
        {
            Console.WriteLine($"reader: {line}");
            if (line.StartsWith("scene", StringComparison.Ordinal))
            {
                lock (read)
                {
                    read.Add(line);
                }
            }
        }
    }

    private static async Task SaveAsync(IScriptStore scripts, int first, int last)
    {
        for (var scene = first; scene <= last; scene++)
        {
            _ = await scripts.SaveAsync($"scene {scene}");
            Console.WriteLine($"writer: scene {scene}");
        }
    }
}
