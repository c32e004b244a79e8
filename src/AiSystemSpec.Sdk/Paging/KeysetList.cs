namespace AiSystemSpec.Sdk.Paging;

/// <summary>The lists that hand out cursors; a cursor of one is refused by the others.</summary>
internal enum KeysetList : byte
{
    Scripts = 1,
    PipelineRuns = 2,
}
