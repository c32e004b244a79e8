using System.Globalization;
using AiSystemSpec.Sdk.DependencyInjection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AiSystemSpec.Sdk.Tests.Configuration;

/// <summary>What is wrong in the configuration is said with its key and with a right value.</summary>
public sealed class ConfigurationTests
{
    [Theory]
    [InlineData("MaxAge", "7d", "7.00:00:00")]
    [InlineData("ShutdownTimeout", "60", "00:00:30")]
    [InlineData("ShutdownTimeout", " 60 ", "00:00:30")]
    [InlineData("ShutdownTimeout", "-1", "00:00:30")]
    [InlineData("ShutdownTimeout", "1e300", "00:00:30")]
    [InlineData("ShutdownTimeout", "Infinite", "00:00:30")]
    [InlineData("ShutdownTimeout", "", "00:00:30")]
    [InlineData("ShutdownTimeout", "-00:00:00.001", "00:00:30")] // Timeout.InfiniteTimeSpan
    [InlineData("ShutdownTimeout", "25:00:00:00:00", "00:00:30")]
    [InlineData("LockWait", "5m", "00:05:00")]
    [InlineData("LockWait", "300", "00:05:00")]
    [InlineData("ServeStaleFor", "2 days", "2.00:00:00")]
    [InlineData("CommandTimeout", "30", "00:00:30")]
    [InlineData("CommandTimeout", "-00:00:30", "00:00:30")]
    [InlineData("RunLog:QueueCapacity", "10k", "10000")]
    [InlineData("RunLog:QueueCapacity", "-5", "10000")]
    [InlineData("RunLog:SpoolMaxBytes", "1GB", "1073741824")]
    [InlineData("RunLog:SpoolFsync", "yes", "true")]
    public void Wrong_value_is_refused_with_its_key_and_a_right_one(string key, string value, string right)
    {
        var error = Assert.Throws<OptionsValidationException>(() => Bind(key, value));

        Assert.Contains($"AiSystemSpec:{key}", error.Message, StringComparison.Ordinal);
        Assert.Contains(right, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("de-DE")]
    [InlineData("fa-IR")]
    [InlineData("tr-TR")]
    public void Right_values_are_read_whatever_the_culture(string culture)
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
        try
        {
            foreach (var (key, (_, _, example)) in ConfigurationChecks.Values)
            {
                _ = Bind(key, example);
            }

            Assert.Equal((TimeSpan.FromDays(60), TimeSpan.Zero), (Bind("ShutdownTimeout", "60.00:00:00").ShutdownTimeout, Bind("ServeStaleFor", "0").ServeStaleFor));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Every_single_value_of_the_options_is_looked_at()
    {
        var keys = KeysOf(typeof(AiSystemSpecOptions), "").Concat(KeysOf(typeof(RunLogOptions), "RunLog:"));

        Assert.Empty(keys.Except(ConfigurationChecks.Values.Keys, StringComparer.Ordinal));

        static IEnumerable<string> KeysOf(Type type, string prefix) => type.GetProperties()
            .Where(property => property.CanWrite && (Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType) is { IsValueType: true })
            .Select(property => prefix + property.Name);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public void Empty_connection_string_is_refused_with_its_key_and_a_right_one(string value)
    {
        var error = Assert.Throws<OptionsValidationException>(() => Read(new Dictionary<string, string?> { ["ConnectionStrings:AiSystemSpec"] = value }));

        Assert.Contains("ConnectionStrings:AiSystemSpec", error.Message, StringComparison.Ordinal);
        Assert.Contains("Host=db.example.org;Username=app", error.Message, StringComparison.Ordinal);
    }

    private static AiSystemSpecOptions Bind(string key, string value) =>
        Read(new Dictionary<string, string?> { [$"AiSystemSpec:{key}"] = value });

    private static AiSystemSpecOptions Read(Dictionary<string, string?> values)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(values).Build();
        using var provider = new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddAiSystemSpec().BuildServiceProvider();
        return provider.GetRequiredService<IOptions<AiSystemSpecOptions>>().Value;
    }
}
