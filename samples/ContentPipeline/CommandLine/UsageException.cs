namespace ContentPipeline.CommandLine;

/// <summary>The program was called in a way that it cannot serve; the message is a sentence for whoever called it.</summary>
internal sealed class UsageException(string message) : Exception(message);
