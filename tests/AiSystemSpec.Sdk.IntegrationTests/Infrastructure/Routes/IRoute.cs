namespace AiSystemSpec.Sdk.IntegrationTests.Infrastructure.Routes;

/// <summary>Something that stands between a host and its database.</summary>
internal interface IRoute
{
    /// <summary>Prepares a database that others are copied from.</summary>
    /// <param name="template">It, directly, as its owner.</param>
    /// <param name="hasTables">Whether it was migrated.</param>
    Task PrepareTemplateAsync(string template, bool hasTables) => Task.CompletedTask;

    /// <summary>Prepares what a copy does not take over from its template.</summary>
    /// <param name="database">It, directly, as its owner.</param>
    Task PrepareAsync(string database) => Task.CompletedTask;

    /// <summary>The connection that a host is given.</summary>
    string Take(string direct);

    /// <summary>The way back: directly, as the owner. What was never taken stays as it is.</summary>
    string Leave(string taken);
}
