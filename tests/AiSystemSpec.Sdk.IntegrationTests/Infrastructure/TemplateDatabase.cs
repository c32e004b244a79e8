namespace AiSystemSpec.Sdk.IntegrationTests.Infrastructure;

/// <summary>What every test's database holds at first: the one place to say it.</summary>
internal static class TemplateDatabase
{
    /// <summary>Prepares the database that all others are copied from.</summary>
    /// <param name="connectionString">An empty database.</param>
    public static Task PrepareAsync(string connectionString) => Task.CompletedTask;
}
