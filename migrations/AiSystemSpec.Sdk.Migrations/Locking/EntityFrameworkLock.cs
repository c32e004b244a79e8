using Microsoft.EntityFrameworkCore.Migrations;

namespace AiSystemSpec.Sdk.Migrations.Locking;

/// <summary>The same lock in the form that EF's own migrator holds.</summary>
internal sealed class EntityFrameworkLock(MigrationLock held, IHistoryRepository history) : IMigrationsDatabaseLock
{
    public IHistoryRepository HistoryRepository => history;

    public void Dispose() => held.Dispose();

    public ValueTask DisposeAsync() => held.DisposeAsync();
}
