using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace AiSystemSpec.Sdk.Scripts.Changes;

/// <summary>
/// In which life of which table transaction ids mean what they meant: after a crash, a failover or a restore the server gives out again
/// ids that it had given out before, and a place among them says nothing any more.
/// </summary>
/// <param name="Database">The database's name.</param>
/// <param name="Mark">Stands for the table, the server's start and its last recovery.</param>
internal sealed record FeedOrigin(string Database, long Mark)
{
    /// <summary>A number for a text, which a cursor has no room for.</summary>
    public static long Digest(string text) => BinaryPrimitives.ReadInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
