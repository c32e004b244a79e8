using AiSystemSpec.Sdk.Testing;

namespace AiSystemSpec.Sdk.IntegrationTests.Infrastructure;

/// <summary>The one server of this test run, started by the first class that asks and ended with the process.</summary>
internal static class SharedServer
{
    private static readonly Lazy<Task<EphemeralPostgres>> Started = new(static () => EphemeralPostgres.StartAsync());
    private static readonly Lazy<Task<string>> Template = new(MakeTemplateAsync);

    public static Task<EphemeralPostgres> GetAsync() => Started.Value;

    /// <summary>A copy of the prepared template, in about 50 ms.</summary>
    public static async Task<string> CopyTemplateAsync()
    {
        var template = await Template.Value;
        var server = await Started.Value;
        return await server.CopyDatabaseAsync(template);
    }

    private static async Task<string> MakeTemplateAsync()
    {
        var server = await Started.Value;
        var template = await server.CreateDatabaseAsync();
        await TemplateDatabase.PrepareAsync(template);
        return template;
    }
}
