using System.Globalization;
using System.Text;

namespace AiSystemSpec.Sdk.Research.Topics;

/// <summary>Whether this process can compose letters at all: without globalization data .NET takes every text for composed.</summary>
internal static class UnicodeForms
{
    private const char FirstConjoiningJamo = '\u1100';
    private const char LastConjoiningJamo = '\u11FF';

    public static readonly bool AreAvailable = "e\u0301".Normalize(NormalizationForm.FormC).Length == 1;

    /// <summary>Whether the text has what stands for a part of a letter, so that there may be a shorter spelling of it.</summary>
    public static bool MayBeDecomposed(string text)
    {
        foreach (var character in text)
        {
            if (character is >= FirstConjoiningJamo and <= LastConjoiningJamo
                || char.GetUnicodeCategory(character) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark)
            {
                return true;
            }
        }

        return false;
    }
}
