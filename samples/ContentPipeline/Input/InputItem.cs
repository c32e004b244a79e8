namespace ContentPipeline.Input;

/// <summary>What one run works on: a document, or the artifacts of one id.</summary>
/// <param name="Id">The item's name, unique in its folder.</param>
internal abstract record InputItem(string Id);
