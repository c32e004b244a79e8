namespace ContentPipeline.Input;

/// <summary>A document to research and publish.</summary>
/// <param name="Id">The file's name without its extension; with it where another item has the same.</param>
/// <param name="Path">The file.</param>
internal sealed record DocumentItem(string Id, string Path) : InputItem(Id);
