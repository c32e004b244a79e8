using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace AiSystemSpec.Sdk.TestKit.Wire;

/// <summary>
/// A message of PostgreSQL's protocol: a letter for its type, but for a connection's first, then its length and its body.
/// </summary>
public sealed class WireMessage
{
    private const int LengthSize = sizeof(int);

    private readonly byte[] _bytes;
    private readonly int _typeLength;

    private WireMessage(byte[] bytes, int typeLength) => (_bytes, _typeLength) = (bytes, typeLength);

    /// <summary>Gets the letter; none of a connection's first message.</summary>
    public char Type => _typeLength == 0 ? '\0' : (char)_bytes[0];

    /// <summary>Gets whether the server is ready for the next statement: the end of an answer.</summary>
    public bool IsReadyForQuery => Type == 'Z';

    /// <summary>Gets the body, to be read or changed in place.</summary>
    public Span<byte> Body => _bytes.AsSpan(_typeLength + LengthSize);

    /// <summary>Gets the statement that a client sends, in either of the protocol's ways; null of another message.</summary>
    public string? Statement => Type switch
    {
        'Q' => TextAt(0),
        'P' => TextAt(Body.IndexOf((byte)0) + 1), // behind the statement's name
        _ => null,
    };

    /// <summary>Reads a connection's first message, which has no type.</summary>
    public static Task<WireMessage> ReadFirstAsync(NetworkStream stream, CancellationToken cancellationToken) =>
        ReadAsync(stream, typeLength: 0, cancellationToken);

    public static Task<WireMessage> ReadAsync(NetworkStream stream, CancellationToken cancellationToken) =>
        ReadAsync(stream, typeLength: 1, cancellationToken);

    public ValueTask WriteToAsync(NetworkStream stream, CancellationToken cancellationToken) =>
        stream.WriteAsync(_bytes, cancellationToken);

    private static async Task<WireMessage> ReadAsync(NetworkStream stream, int typeLength, CancellationToken cancellationToken)
    {
        var header = new byte[typeLength + LengthSize];
        await stream.ReadExactlyAsync(header, cancellationToken);
        var bytes = new byte[typeLength + BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(typeLength))];
        header.CopyTo(bytes, 0);
        await stream.ReadExactlyAsync(bytes.AsMemory(header.Length), cancellationToken);
        return new WireMessage(bytes, typeLength);
    }

    private string TextAt(int start)
    {
        var rest = Body[start..];
        return Encoding.UTF8.GetString(rest[..rest.IndexOf((byte)0)]);
    }
}
