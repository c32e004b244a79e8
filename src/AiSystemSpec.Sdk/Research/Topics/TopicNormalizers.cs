using System.Text;
using AiSystemSpec.Sdk.Research.Topics;

namespace AiSystemSpec.Sdk;

/// <summary>Ready-made normalizers for <see cref="AiSystemSpecOptions.TopicNormalizer"/>. None is used unless a host says so.</summary>
public static class TopicNormalizers
{
    /// <summary>
    /// Trims, brings the text into Unicode normalization form C, and makes one space of each run of white space,
    /// so that topics that look alike are alike. Case is kept.
    /// </summary>
    /// <remarks>In a process with <c>InvariantGlobalization</c>, .NET cannot compose letters: an e with an accent of its own stays two
    /// characters and makes another topic. The cache then says so once, with the first such topic.</remarks>
    /// <param name="topic">The topic.</param>
    /// <returns>The normalised topic.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="topic"/> is null.</exception>
    public static string CollapseWhiteSpace(string topic)
    {
        ArgumentNullException.ThrowIfNull(topic);
        var composed = topic.IsNormalized(NormalizationForm.FormC) ? topic : topic.Normalize(NormalizationForm.FormC);
        var builder = new StringBuilder(composed.Length);
        foreach (var character in composed)
        {
            if (!char.IsWhiteSpace(character))
            {
                _ = builder.Append(character);
            }
            else if (builder.Length > 0 && builder[^1] != ' ')
            {
                _ = builder.Append(' ');
            }
        }

        return builder.Length > 0 && builder[^1] == ' ' ? builder.ToString(0, builder.Length - 1) : builder.ToString();
    }

    /// <summary>
    /// Makes the video's id of the usual video URLs (YouTube in all its forms, Vimeo, TikTok, Dailymotion), so that one video is one topic
    /// however its address was copied. Any other topic is treated as by <see cref="CollapseWhiteSpace"/>.
    /// </summary>
    /// <param name="topic">The topic, or a video's URL, with or without <c>https://</c>.</param>
    /// <returns>The video's id, or the normalised topic.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="topic"/> is null.</exception>
    public static string VideoId(string topic)
    {
        var text = CollapseWhiteSpace(topic);
        return VideoUrl.TryReadId(text) ?? text;
    }
}
