using AiSystemSpec.Sdk.Migrations.Locking;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AiSystemSpec.Sdk.Migrations.EntityFramework;

/// <summary>The same lock in the form that EF's own migrator holds, with the time limits of its connection lifted as long.</summary>
internal sealed class EntityFrameworkLock(MigrationLock held, LiftedLimits limits, IHistoryRepository history) : IMigrationsDatabaseLock
{
    public IHistoryRepository HistoryRepository => history;

    public void Dispose()
    {
        limits.Dispose();
        held.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await limits.DisposeAsync().ConfigureAwait(false);
        await held.DisposeAsync().ConfigureAwait(false);
    }
}
