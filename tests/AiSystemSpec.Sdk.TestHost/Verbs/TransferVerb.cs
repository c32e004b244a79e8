using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;

namespace AiSystemSpec.Sdk.TestHost.Verbs;

/// <summary>
/// Moves scripts from one database into another by way of a file: <c>transfer FROM TO FILE</c>. Says how many were exported and imported, and
/// the most memory that the process had, in bytes.
/// </summary>
internal static class TransferVerb
{
    public static async Task<int> RunAsync(string[] arguments)
    {
        if (arguments is not [var from, var to, var file])
        {
            return 2;
        }

        Console.WriteLine("READY");
        long exported;
        await using (var source = new ServiceCollection().AddAiSystemSpec(from).BuildServiceProvider())
        await using (var lines = File.Create(file))
        {
            exported = await source.GetRequiredService<IScriptStore>().ExportAsync(lines);
        }

        await using var target = new ServiceCollection().AddAiSystemSpec(to).BuildServiceProvider();
        await using var rows = File.OpenRead(file);
        var result = await target.GetRequiredService<IScriptStore>().ImportAsync(rows);
        using var process = Process.GetCurrentProcess();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{exported} {result.Imported} {result.Failed} {process.PeakWorkingSet64}"));
        return 0;
    }
}
