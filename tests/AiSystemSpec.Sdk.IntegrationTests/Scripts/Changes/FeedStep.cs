namespace AiSystemSpec.Sdk.IntegrationTests.Scripts.Changes;

/// <summary>One step of an interleaving.</summary>
/// <param name="Kind">What is done.</param>
/// <param name="Who">By which of the writers or readers.</param>
/// <param name="Size">How much.</param>
public readonly record struct FeedStep(FeedStepKind Kind, int Who, int Size);
