namespace AiSystemSpec.Sdk.Benchmarks.Databases;

/// <summary>A row of <c>research_cache</c> as Dapper fills it; Npgsql hands out timestamps as <see cref="DateTime"/>.</summary>
internal sealed class DapperResearch
{
    public Guid Id { get; set; }

    public string Topic { get; set; } = "";

    public string? Content { get; set; }

    public DateTime? CreatedAt { get; set; }
}
