namespace AiSystemSpec.Sdk.Ambient;

/// <summary>
/// The stage that the current flow of code runs in. This is how the cache tells a stage of its hits, without either knowing the other.
/// </summary>
internal static class CurrentStage
{
    private static readonly AsyncLocal<IStageUnderWay?> Flow = new();

    /// <summary>Gets the stage; null outside of any, and where it has ended.</summary>
    public static IStageUnderWay? Value => Flow.Value is { HasEnded: false } stage ? stage : null;

    /// <summary>Enters a stage.</summary>
    /// <returns>The one around it, to come back to.</returns>
    public static IStageUnderWay? Enter(IStageUnderWay stage)
    {
        var outer = Flow.Value;
        Flow.Value = stage;
        return outer;
    }

    /// <summary>Goes back to the stage around one that ends.</summary>
    public static void Return(IStageUnderWay? outer) => Flow.Value = outer;

    /// <summary>Leaves every stage: for what goes on in the background and is no part of one.</summary>
    public static void Leave() => Flow.Value = null;
}
