using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace AiSystemSpec.Sdk.Connections.AdvisoryLocks;

/// <summary>The keys of all advisory locks, 64 bits each, the same in every host and every release.</summary>
internal static class LockKeys
{
    /// <summary>Round everything that changes the schema: the characters <c>AiSpMigr</c>.</summary>
    public const long Migrations = 0x4169_5370_4D69_6772;

    /// <summary>Round a purge; drawn once.</summary>
    public const long Purge = 4716601877520419361;

    /// <summary>Round each batch of run rows on a table without a key; drawn once.</summary>
    public const long RunRows = 4715092881430023281;

    /// <summary>Round a save that depends on the newest script; drawn once.</summary>
    public const long ScriptHistory = 4719483920174650113;

    /// <summary>Round each batch of an import of research; drawn once.</summary>
    public const long ResearchImport = 4712209384756102937;

    private const string TopicNamespace = "ai_system_spec.research:";

    /// <summary>The lock of a topic while it is researched. A collision would only make two topics wait for each other.</summary>
    public static long OfTopic(string topic)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        _ = SHA256.HashData(Encoding.UTF8.GetBytes(TopicNamespace + topic), hash);
        return BinaryPrimitives.ReadInt64BigEndian(hash);
    }
}
