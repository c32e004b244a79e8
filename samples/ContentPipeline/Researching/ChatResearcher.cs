using System.ClientModel;
using ContentPipeline.Input;
using Microsoft.Extensions.AI;

namespace ContentPipeline.Researching;

/// <summary>Asks a language model for the key facts of a document.</summary>
internal sealed class ChatResearcher(IChatClient chat, string name, decimal? usdPerMillionTokens) : IResearcher
{
    private const int MaxDocumentCharacters = 60_000;
    private const decimal Million = 1_000_000;

    private const string Instructions =
        """
        You research for short documentary videos. From the document you are given, write its five to eight key facts.
        One complete sentence a line, in the order in which they are to be told, plain text without markup or numbering.
        Use only what the document says.
        """;

    public string Name => name;

    public async Task<ResearchAnswer> ResearchAsync(SourceDocument document, CancellationToken cancellationToken)
    {
        var response = await chat.GetResponseAsync(
            [new(ChatRole.System, Instructions), new(ChatRole.User, ToPrompt(document))],
            cancellationToken: cancellationToken);
        var tokens = response.Usage?.TotalTokenCount;
        return new ResearchAnswer(response.Text, tokens, tokens / Million * usdPerMillionTokens);
    }

    // No answer (0), a timeout, too many requests, and an endpoint in trouble pass; a wrong key or model does not.
    public bool IsTransient(Exception exception) => exception switch
    {
        ClientResultException answer => answer.Status is 0 or 408 or 429 or >= 500,
        HttpRequestException or IOException or OperationCanceledException => true,
        _ => false,
    };

    private static string ToPrompt(SourceDocument document)
    {
        var text = string.Join("\n\n", document.Paragraphs);
        return $"# {document.Title}\n\n{(text.Length > MaxDocumentCharacters ? text[..MaxDocumentCharacters] : text)}";
    }
}
