using AiSystemSpec.Sdk.IntegrationTests.Infrastructure.Routes;
using AiSystemSpec.Sdk.Testing;

namespace AiSystemSpec.Sdk.IntegrationTests.Infrastructure;

/// <summary>The one server of this test run, started by the first class that asks and ended with the process.</summary>
internal static class SharedServer
{
    private static readonly Lazy<Task<EphemeralPostgres>> Started = new(StartAsync);
    private static readonly Lazy<Task<string>> Template = new(() => MakeTemplateAsync(TemplateDatabase.PrepareAsync));
    private static readonly Lazy<Task<string>> EmptyTemplate = new(() => MakeTemplateAsync(TemplateDatabase.PrepareEmptyAsync));

    public static Task<EphemeralPostgres> GetAsync() => Started.Value;

    /// <summary>A copy of the prepared template, in about 50 ms.</summary>
    public static async Task<string> CopyTemplateAsync() => await CopyAsync(await Started.Value, Template);

    /// <summary>A database with nothing in it, not even the schema.</summary>
    public static Task<string> CopyEmptyAsync(EphemeralPostgres server) => CopyAsync(server, EmptyTemplate);

    private static async Task<EphemeralPostgres> StartAsync()
    {
        var server = await EphemeralPostgres.StartAsync();
        await TestRoute.StartAsync(server);
        return server;
    }

    private static async Task<string> MakeTemplateAsync(Func<string, Task> prepare)
    {
        var server = await Started.Value;
        var template = await server.CreateDatabaseAsync();
        await prepare(template);
        return template;
    }

    private static async Task<string> CopyAsync(EphemeralPostgres server, Lazy<Task<string>> template) =>
        await TestRoute.OpenAsync(await server.CopyDatabaseAsync(await template.Value));
}
