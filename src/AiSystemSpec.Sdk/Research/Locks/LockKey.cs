using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace AiSystemSpec.Sdk.Research.Locks;

/// <summary>The advisory lock of a topic: 64 bits of a hash that every host computes alike. A collision would only make two topics wait for each other.</summary>
internal static class LockKey
{
    private const string Namespace = "ai_system_spec.research:";

    public static long Of(string topic)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        _ = SHA256.HashData(Encoding.UTF8.GetBytes(Namespace + topic), hash);
        return BinaryPrimitives.ReadInt64BigEndian(hash);
    }
}
