using System.Net;
using System.Text.Json;

namespace AiSystemSpec.Sdk.SampleTests.Infrastructure;

/// <summary>An OpenAI-compatible chat endpoint on loopback that says what a test tells it to.</summary>
internal sealed class StandInEndpoint : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Func<int, (HttpStatusCode Status, string Text)> _answer;
    private readonly Task _serving;

    /// <summary>Starts the endpoint.</summary>
    /// <param name="answer">The answer to the call of the given number, from 1.</param>
    public StandInEndpoint(Func<int, (HttpStatusCode Status, string Text)> answer)
    {
        _answer = answer;
        BaseUrl = $"http://127.0.0.1:{FreePort.Next()}/v1";
        _listener.Prefixes.Add(BaseUrl + "/");
        _listener.Start();
        _serving = ServeAsync();
    }

    public string BaseUrl { get; }

    public List<JsonDocument> Requests { get; } = [];

    public Dictionary<string, string> Environment => new(StringComparer.Ordinal)
    {
        ["OPENAI_BASE_URL"] = BaseUrl,
        ["OPENAI_API_KEY"] = "none-needed",
        ["OPENAI_MODEL"] = "stand-in",
        ["NO_PROXY"] = "127.0.0.1",
    };

    public void Dispose()
    {
        _listener.Close();
        _serving.GetAwaiter().GetResult();
        Requests.ForEach(request => request.Dispose());
    }

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                var call = await _listener.GetContextAsync();
                Requests.Add(await JsonDocument.ParseAsync(call.Request.InputStream));
                await AnswerAsync(call.Response, _answer(Requests.Count));
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
            {
                return; // closed
            }
        }
    }

    private static async Task AnswerAsync(HttpListenerResponse response, (HttpStatusCode Status, string Text) answer)
    {
        response.StatusCode = (int)answer.Status;
        response.ContentType = "application/json";
        await JsonSerializer.SerializeAsync(response.OutputStream, answer.Status == HttpStatusCode.OK ? Completion(answer.Text) : new { error = new { message = answer.Text } });
        response.Close();
    }

    private static object Completion(string text) => new
    {
        id = "chat-1",
        @object = "chat.completion",
        created = 1,
        model = "stand-in",
        choices = new[] { new { index = 0, finish_reason = "stop", message = new { role = "assistant", content = text } } },
        usage = new { prompt_tokens = 1_500, completion_tokens = 500, total_tokens = 2_000 },
    };
}
