namespace ContentPipeline.Input;

/// <summary>The files of a folder, sorted into what can be run and what is left alone. Folders inside it are not entered.</summary>
/// <param name="Items">Sets of artifacts, then documents, each by id.</param>
/// <param name="LeftAlone">The names of the files that are neither.</param>
internal sealed record InputFolder(IReadOnlyList<InputItem> Items, IReadOnlyList<string> LeftAlone)
{
    private static readonly string[] DocumentExtensions = [".md", ".txt"];

    public static InputFolder Open(string folder)
    {
        var paths = Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).ToList();
        var documents = paths.Where(IsDocument).ToList();
        var artifacts = paths.Except(documents, StringComparer.Ordinal)
            .Select(path => (Path: path, Name: ArtifactName.TryParse(Path.GetFileName(path), out var name) ? name : null))
            .ToLookup(file => file.Name is not null);

        var sets = artifacts[true]
            .GroupBy(file => file.Name!.Id, StringComparer.Ordinal)
            .Select(set => new ArtifactsItem(set.Key, [.. set.Select(file => new Artifact(file.Name!.Kind, file.Path))]))
            .ToList();
        return new InputFolder(
            [.. sets, .. WithIds(documents, sets.Select(set => set.Id))],
            [.. artifacts[false].Select(file => Path.GetFileName(file.Path))]);
    }

    private static bool IsDocument(string path) =>
        DocumentExtensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    // a.md and a.txt must not be one run, nor write one publishable file, also where file names ignore case.
    private static IEnumerable<DocumentItem> WithIds(List<string> documents, IEnumerable<string> taken)
    {
        var counts = documents.Select(path => Path.GetFileNameWithoutExtension(path)).Concat(taken)
            .CountBy(id => id, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(StringComparer.OrdinalIgnoreCase);
        return documents.Select(path =>
        {
            var id = Path.GetFileNameWithoutExtension(path);
            return new DocumentItem(id.Length > 0 && counts[id] == 1 ? id : Path.GetFileName(path), path);
        });
    }
}
