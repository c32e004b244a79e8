using System.Text.Json;
using AiSystemSpec.Sdk.Migrations;
using AiSystemSpec.Sdk.Testing;

namespace AiSystemSpec.Sdk.Tests.Repository;

/// <summary>A value that a host puts into JSON is read by people: a word, not a number.</summary>
public sealed class PublicEnumTests
{
    public static TheoryData<Type> Enums => new(new[] { typeof(IResearchCache), typeof(IAiSystemSpecMigrator), typeof(EphemeralPostgres) }
        .SelectMany(type => type.Assembly.GetExportedTypes())
        .Where(type => type.IsEnum));

    [Theory]
    [MemberData(nameof(Enums))]
    public void Enum_is_a_word_in_json(Type type)
    {
        foreach (var value in Enum.GetValues(type))
        {
            var json = JsonSerializer.Serialize(value, type);

            Assert.Equal($"\"{value}\"", json);
            Assert.Equal(value, JsonSerializer.Deserialize(json, type));
        }
    }
}
