namespace AiSystemSpec.Sdk.IntegrationTests.Infrastructure;

/// <summary>A program that npm installs. Tests that use one are in the category <c>Npm</c>, and fail where it is not installed.</summary>
internal static class NpmTool
{
    private const string Variable = "AISYSTEMSPEC_NODE_MODULES";

    /// <summary>Runs it to its end.</summary>
    /// <param name="folder">Where it runs.</param>
    /// <param name="tool">Its name.</param>
    /// <param name="arguments">What it is given.</param>
    public static Task<ProgramRun> RunAsync(string folder, string tool, params IEnumerable<string> arguments) =>
        ProgramRun.OfAsync(folder, Find(tool), arguments);

    private static string Find(string tool)
    {
        var places = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } modules
            ? [Path.GetFullPath(Path.Combine(modules, ".bin"))]
            : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        return places.Select(place => Path.Combine(place, tool)).FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException(
                $"There is no {tool} in {string.Join(", ", places)}. Install it with npm (tests/README.md has the command) and set {Variable} to that node_modules folder, "
                + "or leave the category out with --filter Category!=Npm.");
    }
}
