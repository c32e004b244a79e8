namespace AiSystemSpec.Sdk.Ambient;

/// <summary>A stage that some code runs in, as far as others may know of it.</summary>
internal interface IStageUnderWay
{
    /// <summary>Gets whether it is over: code that goes on in its flow is no part of it.</summary>
    bool HasEnded { get; }

    /// <summary>Notes that the cache was asked: the stage was served from it only while every question was.</summary>
    void NoteCacheUse(bool isHit);
}
