using System.Diagnostics;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure.Routes;
using Npgsql;

namespace AiSystemSpec.Sdk.IntegrationTests.Migrations;

/// <summary>psql itself, directly: how operators run SQL that they are given.</summary>
internal static class Psql
{
    public static async Task<(int Code, string Error)> RunAsync(string database, string script)
    {
        var settings = new NpgsqlConnectionStringBuilder(TestRoute.Direct(database));
        var start = new ProcessStartInfo("psql", ["--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", "--file", "-"])
        {
            RedirectStandardInput = true,
            UseShellExecute = false,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            Environment =
            {
                ["PGHOST"] = settings.Host, ["PGPORT"] = settings.Port.ToString(System.Globalization.CultureInfo.InvariantCulture),
                ["PGUSER"] = settings.Username, ["PGPASSWORD"] = settings.Password, ["PGDATABASE"] = settings.Database,
            },
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(script);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        _ = await output;
        return (process.ExitCode, await error);
    }
}
