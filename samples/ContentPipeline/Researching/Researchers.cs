using System.ClientModel;
using System.ClientModel.Primitives;
using ContentPipeline.CommandLine;
using Microsoft.Extensions.AI;
using OpenAI;
using OpenAI.Chat;

namespace ContentPipeline.Researching;

/// <summary>Chooses the researcher by the environment.</summary>
internal static class Researchers
{
    public static IResearcher Choose(Func<string, string?> environment, decimal? usdPerMillionTokens)
    {
        var baseUrl = environment("OPENAI_BASE_URL");
        var key = environment("OPENAI_API_KEY");
        var model = environment("OPENAI_MODEL");
        if (string.IsNullOrWhiteSpace(baseUrl) || string.IsNullOrWhiteSpace(key) || string.IsNullOrWhiteSpace(model))
        {
            return new ExtractiveResearcher();
        }

        if (!Uri.TryCreate(baseUrl, UriKind.Absolute, out var endpoint) || endpoint.Scheme is not ("http" or "https"))
        {
            throw new UsageException("OPENAI_BASE_URL is not an http(s) address.");
        }

        // The client does not retry by itself: each attempt is to be a row of its own in pipeline_runs.
        var options = new OpenAIClientOptions { Endpoint = endpoint, RetryPolicy = new ClientRetryPolicy(maxRetries: 0) };
        var chat = new ChatClient(model, new ApiKeyCredential(key), options).AsIChatClient();
        return new ChatResearcher(chat, $"{model} at {endpoint.Authority}", usdPerMillionTokens);
    }
}
