using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;

namespace AiSystemSpec.Sdk.IntegrationTests.Scripts.Changes;

/// <summary>A reader that keeps nothing but its cursor between two looks, as one that comes by now and then.</summary>
internal sealed class FeedSession(IScriptStore store, int limit = 100)
{
    public string? Cursor { get; private set; }

    public ChangeGuarantee Guarantee { get; private set; }

    /// <summary>Looks until there is no more.</summary>
    /// <returns>The contents, in the order in which they came.</returns>
    public async Task<List<string?>> LookAsync() => [.. (await LookForScriptsAsync()).Select(script => script.Content)];

    public async Task<List<Script>> LookForScriptsAsync()
    {
        var found = new List<Script>();
        bool hasMore;
        do
        {
            var changes = await store.GetChangesAsync(Cursor, limit);
            Assert.InRange(changes.Cursor.Length, 1, 512);
            Assert.InRange(changes.Items.Count, 0, limit);
            found.AddRange(changes.Items.Select(change => change.Script));
            (Cursor, hasMore, Guarantee) = (changes.Cursor, changes.HasMore, changes.Guarantee);
        }
        while (hasMore);

        return found;
    }

    /// <summary>Another session that goes on from here.</summary>
    public FeedSession Resume(IScriptStore other, int otherLimit = 100) => new(other, otherLimit) { Cursor = Cursor };

    public static Task InsertAsync(string connectionString, string content) =>
        Sql.ExecuteAsync(connectionString, "INSERT INTO public.scripts (content) VALUES ($1)", content);
}
