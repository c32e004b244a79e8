using System.Diagnostics;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure.Routes;

namespace AiSystemSpec.Sdk.IntegrationTests.Cli;

/// <summary>
/// The tool in a process of its own, to be killed. Whatever the run's route, it goes directly: what it sends must be known beforehand.
/// </summary>
internal static class KilledTool
{
    public static Process Start(string connection, params IEnumerable<string> arguments) => Process.Start(
        new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "aispec.dll"), .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            Environment = { ["AISYSTEMSPEC_CONNECTION"] = TestRoute.Direct(connection) },
        })!;

    /// <summary>kill -9 at one statement of those that it is known to send.</summary>
    /// <param name="database">Where it works.</param>
    /// <param name="statements">All of them, in order.</param>
    /// <param name="number">Which one, from 0.</param>
    /// <param name="isAfterwards">
    /// Whether the server has run it by then, and the tool has not heard of it; else the server never gets it.
    /// </param>
    /// <param name="arguments">The command.</param>
    public static async Task KillAtAsync(
        string database, IReadOnlyList<string> statements, int number, bool isAfterwards, params string[] arguments)
    {
        await using var gate = new StatementGate(TestRoute.Direct(database), statements, number, isAfterwards);
        using var process = Start(gate.ConnectionString, [.. arguments, "--json"]); // little is printed, so nobody need read it
        var ended = process.WaitForExitAsync();

        Assert.True(await Task.WhenAny(gate.Reached, ended) == gate.Reached, $"The run ended without statement {number}: {statements[number]}");

        process.Kill();
        await ended;
    }
}
