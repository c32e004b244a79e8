using System.Security.Cryptography;
using System.Text;

namespace AiSystemSpec.Sdk.Testing.Hosts;

/// <summary>Eight letters that stand for a text in a name.</summary>
internal static class ShortHash
{
    public static string Of(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..8];
}
