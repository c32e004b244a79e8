using AiSystemSpec.Sdk.Diagnostics;
using AiSystemSpec.Sdk.Text;
using Microsoft.Extensions.Logging;

namespace AiSystemSpec.Sdk.Research.Topics;

/// <summary>What a topic must be: not blank, storable, and not the reserved one, after normalisation.</summary>
internal sealed class TopicRules(Func<string, string>? normalizer, ILogger logger)
{
    private int _saidDecomposed;

    /// <summary>Normalises a topic, the same for reads and writes.</summary>
    /// <exception cref="ArgumentException">The topic cannot be used.</exception>
    public string Apply(string topic, string argumentName)
    {
        StoredText.ThrowIfBlankOrInvalid(topic, argumentName);
        if (normalizer is not null)
        {
            topic = normalizer(topic);
            if (string.IsNullOrWhiteSpace(topic))
            {
                throw new ArgumentException("AiSystemSpecOptions.TopicNormalizer made the topic blank. Give another topic, or mend the normalizer.", argumentName);
            }

            StoredText.ThrowIfInvalid(topic, argumentName);
            if (!UnicodeForms.AreAvailable && UnicodeForms.MayBeDecomposed(topic) && Interlocked.Exchange(ref _saidDecomposed, 1) == 0)
            {
                Log.TopicNotComposed(logger); // whoever normalizes wants one topic
            }
        }

        if (string.Equals(topic, ResearchEntry.SystemTopic, StringComparison.Ordinal))
        {
            throw new ArgumentException(
                "The topic 'system' is reserved by the schema for system events. Choose another topic, or use WriteSystemEventAsync and GetSystemEventsAsync.", argumentName);
        }

        return topic;
    }
}
