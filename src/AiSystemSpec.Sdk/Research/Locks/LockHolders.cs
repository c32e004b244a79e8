using System.Collections.Concurrent;
using Npgsql;

namespace AiSystemSpec.Sdk.Research.Locks;

/// <summary>Who of this process holds which topic's lock in which database, over all of its caches.</summary>
internal static class LockHolders
{
    private static readonly ConcurrentDictionary<(string Place, long Key), object> ByLock = new();

    /// <summary>Names a database: two caches with the same connection are taken for one.</summary>
    public static string PlaceOf(NpgsqlDataSource dataSource)
    {
        var settings = new NpgsqlConnectionStringBuilder(dataSource.ConnectionString);
        return $"{settings.Host}:{settings.Port}/{settings.Database ?? settings.Username}";
    }

    public static object? Find(string place, long key) => ByLock.GetValueOrDefault((place, key));

    public static void Add(string place, long key, object holder) => ByLock[(place, key)] = holder;

    public static void Remove(string place, long key, object holder) =>
        _ = ByLock.TryRemove(new KeyValuePair<(string, long), object>((place, key), holder));
}
