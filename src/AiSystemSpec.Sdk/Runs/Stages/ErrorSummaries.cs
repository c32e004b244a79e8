using AiSystemSpec.Sdk.Runs.Content;

namespace AiSystemSpec.Sdk.Runs.Stages;

/// <summary>What a row says of an exception.</summary>
internal static class ErrorSummaries
{
    public static string Of(Exception exception)
    {
        try
        {
            var cause = exception.GetBaseException();
            return ReferenceEquals(cause, exception) ? Describe(exception) : $"{Describe(exception)} ---> {Describe(cause)}";
        }
        catch (Exception thrown)
        {
            return $"{exception.GetType().FullName}: {JsonLeaf.Unreadable(thrown)}"; // a message of the host's own making must not fail the stage's row
        }
    }

    private static string Describe(Exception exception) => $"{exception.GetType().FullName}: {SafeContent.Beginning(exception.Message)}";
}
