namespace AiSystemSpec.Sdk.Runs.Spool;

/// <summary>What can be seen of a writer's folder without taking it.</summary>
internal sealed record FolderLook(SpoolFolder Folder)
{
    public FolderState State { get; init; }

    /// <summary>Gets whose rows it holds; null where neither the lock nor a file says so.</summary>
    public DatabaseIdentity? Owner { get; init; }

    public WriterProcess? Writer { get; init; }

    public long Bytes { get; init; }

    /// <summary>Gets when the oldest file was last written; null where there is none.</summary>
    public DateTime? OldestAt { get; init; }

    /// <summary>Gets why it cannot be read.</summary>
    public string? Error { get; init; }

    public static FolderLook At(SpoolFolder folder)
    {
        try
        {
            return Look(folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new FolderLook(folder) { State = FolderState.Unreadable, Error = exception.Message };
        }
    }

    /// <summary>About how many rows wait: exactly, where no bookkeeping is damaged.</summary>
    public long CountWaiting()
    {
        using var position = new SpoolPosition(Folder.PositionPath);
        var start = position.TryRead() ? position.Place.Ordinal : 0;
        var files = Folder.Files();
        if (files.Count == 0)
        {
            return 0;
        }

        var first = FileLook.At(Folder.FileOf(files[0].Number)).Header?.FirstOrdinal ?? 1;
        var end = FileLook.Count(Folder.FileOf(files[^1].Number)).EndOrdinal;
        return Math.Max(0, end - Math.Max(start, first));
    }

    /// <summary>How many stretches of the files are no rows.</summary>
    public int CountDamaged() => Folder.Files().Sum(file => FileLook.Count(Folder.FileOf(file.Number)).Damaged);

    private static FolderLook Look(SpoolFolder folder)
    {
        var files = folder.Files();
        var looks = files.Where(file => file.Length > 0).Select(file => FileLook.At(folder.FileOf(file.Number))).ToList();
        var newest = looks.FindLast(look => look.Header is not null).Header;
        var claim = FolderClaim.TryRead(folder.LockPath);
        var writer = newest is null ? null : WriterProcess.Parse(newest.Writer);
        var owner = newest?.Owner ?? (claim is null ? null : new DatabaseIdentity(claim.Target));
        return new FolderLook(folder)
        {
            State = FolderLock.IsHeld(folder.Path, writer) ? FolderState.Held
                : looks.Exists(look => look.State == HeaderState.OtherVersion) ? FolderState.OtherVersion
                : owner is null && looks.Count > 0 ? FolderState.Unknown
                : FolderState.Left,
            Owner = owner,
            Writer = claim?.Process ?? writer,
            Bytes = files.Sum(file => file.Length),
            OldestAt = files.Count == 0 ? null : files.Min(file => File.GetLastWriteTimeUtc(folder.FileOf(file.Number))),
        };
    }
}
