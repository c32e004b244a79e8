using ContentPipeline.Input;

namespace AiSystemSpec.Sdk.SampleTests.ContentPipeline;

public sealed class ArtifactNameTests
{
    [Theory]
    [InlineData("abc_research.json", "abc", "research")]
    [InlineData("abc_script_long.json", "abc", "script_long")]
    [InlineData("abc_script_shorts.json", "abc", "script_shorts")]
    [InlineData("a_b_c_script_long.json", "a_b_c", "script_long")]
    [InlineData("abc_plan.json", "abc", "plan")]
    [InlineData("abc_scene_plan.json", "abc_scene", "plan")] // unknown kinds are one word
    [InlineData("abc_description_long.json", "abc_description", "long")]
    [InlineData("abc_Research.JSON", "abc", "Research")] // kinds are compared ordinally
    [InlineData("abc__research.json", "abc_", "research")]
    [InlineData("script_long_research.json", "script_long", "research")]
    [InlineData("abc_v1.2.json", "abc", "v1.2")]
    public void TryParse_id_is_what_stands_before_the_last_kind(string fileName, string id, string kind)
    {
        Assert.True(ArtifactName.TryParse(fileName, out var name));
        Assert.Equal(new ArtifactName(id, kind), name);
    }

    [Theory]
    [InlineData("research.json")]
    [InlineData("script_long.json")]
    [InlineData("package.json")]
    [InlineData("_research.json")]
    [InlineData("abc_.json")]
    [InlineData(" _plan.json")]
    [InlineData("abc_ .json")]
    [InlineData("_.json")]
    [InlineData(".json")]
    [InlineData("abc_research.txt")]
    public void TryParse_name_without_id_or_kind_is_no_artifact(string fileName) =>
        Assert.False(ArtifactName.TryParse(fileName, out _));
}
