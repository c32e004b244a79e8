namespace AiSystemSpec.Sdk.Testing.Local;

/// <summary>What every local server is made with.</summary>
internal sealed record LocalParts(ServerBinaries Binaries, ServerUser User, TimeProvider Time);
