namespace AiSystemSpec.Sdk.Cli.Commands;

/// <summary>Which rows an export or an import is about.</summary>
internal enum TransferTarget
{
    /// <summary>The script history.</summary>
    Scripts,

    /// <summary>The run log.</summary>
    Runs,

    /// <summary>The Context Cache.</summary>
    Research,
}
