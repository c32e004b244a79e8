namespace AiSystemSpec.Sdk.Scripts.Changes;

/// <summary>Notices when one transaction has been the oldest for long, while others went on.</summary>
internal sealed class WindowAge(TimeProvider timeProvider, TimeSpan limit)
{
    private long _oldest = -1;
    private long _since;
    private bool _isTold;

    /// <summary>Whether it has just grown older than the limit; says so once for each transaction.</summary>
    public bool HasGrownOld(KeyPage snapshot)
    {
        if (snapshot.Xmin != _oldest)
        {
            (_oldest, _since, _isTold) = (snapshot.Xmin, timeProvider.GetTimestamp(), false);
        }

        if (_isTold || snapshot.Xmin == snapshot.Xmax || timeProvider.GetElapsedTime(_since) < limit)
        {
            return false;
        }

        return _isTold = true;
    }
}
