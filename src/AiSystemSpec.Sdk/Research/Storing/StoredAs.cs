namespace AiSystemSpec.Sdk.Research.Storing;

/// <summary>What a table made of an entry that it was given.</summary>
internal enum StoredAs
{
    /// <summary>It stands there as it was given, with a moment of now.</summary>
    Given,

    /// <summary>Under its topic, but with another content, or with a moment that is not now.</summary>
    Changed,

    /// <summary>Under another topic.</summary>
    OtherTopic,

    /// <summary>Not at all.</summary>
    Nothing,
}
