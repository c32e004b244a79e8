using System.Globalization;

namespace AiSystemSpec.Sdk.TestKit;

/// <summary>
/// The seed of a random test: another one in each run, printed, so that a failure can be repeated with <c>AISYSTEMSPEC_SEED</c>.
/// </summary>
public static class RandomSeed
{
    public const string Variable = "AISYSTEMSPEC_SEED";

    /// <summary>Takes the seed of the variable, or draws one, and says which.</summary>
    /// <param name="print">Where it is said: the test's output, which xunit shows of a test that failed.</param>
    public static int Take(Action<string> print)
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable(Variable), NumberStyles.Integer, CultureInfo.InvariantCulture, out var given)
            ? given
            : Random.Shared.Next();
        print(string.Create(CultureInfo.InvariantCulture, $"{Variable}={seed}"));
        return seed;
    }
}
