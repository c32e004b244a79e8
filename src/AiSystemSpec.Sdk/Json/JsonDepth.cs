using System.Text.Json.Nodes;

namespace AiSystemSpec.Sdk.Json;

/// <summary>Measures nesting without recursion, so that JSON of any depth does no harm.</summary>
internal static class JsonDepth
{
    public static bool Exceeds(JsonNode node, int limit)
    {
        if (node is JsonValue)
        {
            return false;
        }

        var pending = new Stack<(JsonNode Node, int Depth)>();
        pending.Push((node, 1));
        while (pending.TryPop(out var next))
        {
            if (next.Depth > limit)
            {
                return true;
            }

            PushChildren(pending, next.Node, next.Depth + 1);
        }

        return false;
    }

    private static void PushChildren(Stack<(JsonNode Node, int Depth)> pending, JsonNode node, int depth)
    {
        if (node is JsonArray array)
        {
            foreach (var child in array)
            {
                PushContainer(pending, child, depth);
            }
        }
        else if (node is JsonObject properties)
        {
            foreach (var (_, child) in properties)
            {
                PushContainer(pending, child, depth);
            }
        }
    }

    private static void PushContainer(Stack<(JsonNode Node, int Depth)> pending, JsonNode? node, int depth)
    {
        if (node is JsonArray or JsonObject)
        {
            pending.Push((node, depth));
        }
    }
}
