namespace AiSystemSpec.Sdk.Runs.Stages;

/// <summary>An exception as a short text: its type and message, and those of the innermost cause.</summary>
internal static class ErrorSummaries
{
    public static string Of(Exception exception)
    {
        var cause = exception.GetBaseException();
        return ReferenceEquals(cause, exception) ? Describe(exception) : $"{Describe(exception)} ---> {Describe(cause)}";
    }

    private static string Describe(Exception exception) => $"{exception.GetType().FullName}: {exception.Message}";
}
