namespace AiSystemSpec.Sdk.Tests.Repository.Floors;

/// <summary>A file of one folder names a type of another, or a member of it.</summary>
internal sealed record FolderUse(string From, string To, string File, string Type);
