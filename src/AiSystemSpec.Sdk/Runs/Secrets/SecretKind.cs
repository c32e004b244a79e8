namespace AiSystemSpec.Sdk.Runs.Secrets;

/// <summary>What a name says of its value.</summary>
internal enum SecretKind
{
    /// <summary>Nothing: the value is searched like any other text.</summary>
    None,

    /// <summary>It may be a secret (<c>token</c>, <c>sig</c>): it is one where it looks like one.</summary>
    Maybe,

    /// <summary>A key or token, whatever it looks like; never a number.</summary>
    Secret,

    /// <summary>A password, whatever it looks like, a number too.</summary>
    Password,

    /// <summary>An <c>Authorization</c> header: the scheme may stay, what follows it not.</summary>
    Authorization,

    /// <summary>A cookie header, where it has the form of one.</summary>
    Cookie,
}
