using AiSystemSpec.Sdk.Migrations.History;
#pragma warning disable EF1001 // The provider's history repository is the only place where EF lets its lock be replaced.
using System.Data.Common;
using AiSystemSpec.Sdk.Migrations.Locking;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql;
using Npgsql.EntityFrameworkCore.PostgreSQL.Migrations.Internal;

namespace AiSystemSpec.Sdk.Migrations.EntityFramework;

/// <summary>
/// EF's history with two changes: the lock is held round the whole run (EF's own is released after each migration, and parallel
/// runs then fail), so that bundles and <c>dotnet ef database update</c> take turns with the migrator; and each row keeps the
/// checksum of the SQL that was applied.
/// </summary>
internal sealed class LockedHistoryRepository(HistoryRepositoryDependencies dependencies) : NpgsqlHistoryRepository(dependencies)
{
    public override LockReleaseBehavior LockReleaseBehavior => LockReleaseBehavior.Explicit;

    public override IMigrationsDatabaseLock AcquireDatabaseLock() =>
        AcquireDatabaseLockAsync().GetAwaiter().GetResult();

    public override async Task<IMigrationsDatabaseLock> AcquireDatabaseLockAsync(CancellationToken cancellationToken = default)
    {
        var held = await MigrationLock.AcquireAsync(OpenConnectionAsync, wait: null, TimeProvider.System, cancellationToken).ConfigureAwait(false);
        var limits = await LiftedLimits.LiftAsync((NpgsqlConnection)Dependencies.Connection.DbConnection, cancellationToken).ConfigureAwait(false);
        return new EntityFrameworkLock(held, limits, this);
    }

    public override string GetInsertScript(HistoryRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return HistoryTable.InsertSql(row.MigrationId, row.ProductVersion, MigrationCatalog.Instance.FindChecksum(row.MigrationId)) + "\n";
    }

    protected override void ConfigureTable(EntityTypeBuilder<HistoryRow> history)
    {
        base.ConfigureTable(history);
        history.Property<string?>(HistoryTable.ChecksumColumn).HasColumnType("pg_catalog.text"); // nullable, so that rows of plain EF fit too
    }

    // A connection of its own with the same credentials; never pooled, so that closing it surely ends the lock.
    private async ValueTask<NpgsqlConnection> OpenConnectionAsync(CancellationToken cancellationToken)
    {
        DbConnection connection = Dependencies.Connection.DbConnection;
        var settings = new NpgsqlConnectionStringBuilder(connection.ConnectionString) { Pooling = false, Multiplexing = false, Enlist = false };
        var clone = ((NpgsqlConnection)connection).CloneWith(settings.ConnectionString);
        await clone.OpenAsync(cancellationToken).ConfigureAwait(false);
        return clone;
    }
}
