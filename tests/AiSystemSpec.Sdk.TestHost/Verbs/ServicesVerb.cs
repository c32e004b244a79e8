using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace AiSystemSpec.Sdk.TestHost.Verbs;

/// <summary>
/// Uses every service in a process whose settings are read once: <c>services CONNECTION DIRECT [legacy] [source]</c>, with Npgsql's legacy
/// behaviour of timestamps, over a data source of the host's own. It says what went wrong, or <c>OK</c>.
/// </summary>
internal static class ServicesVerb
{
    public static async Task<int> RunAsync(string[] arguments)
    {
        if (arguments.Contains("legacy", StringComparer.Ordinal))
        {
            AppContext.SetSwitch("Npgsql.EnableLegacyTimestampBehavior", isEnabled: true); // before Npgsql is touched
        }

        return await UseAsync(arguments[0], arguments[1], arguments.Contains("source", StringComparer.Ordinal));
    }

    private static async Task<int> UseAsync(string connectionString, string direct, bool isHosts)
    {
        await using var source = isHosts ? NpgsqlDataSource.Create(connectionString) : null;
        await using var services = new ServiceCollection()
            .AddAiSystemSpec(options =>
            {
                options.ConnectionString = isHosts ? null : connectionString;
                options.DataSource = source;
            })
            .BuildServiceProvider();
        Console.WriteLine("READY");
        try
        {
            await ServiceTour.RunAsync(services, direct);
            Console.WriteLine("OK");
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            Console.WriteLine($"{exception.GetType().Name}: {exception.Message.ReplaceLineEndings(" ")}");
        }

        return 0;
    }
}
