using AiSystemSpec.Sdk.Rows;

namespace AiSystemSpec.Sdk;

/// <summary>One row of <c>research_cache</c>: a piece of research, or a system event.</summary>
public sealed class ResearchEntry : IKeysetRow
{
    /// <summary>
    /// The topic of system events such as boot logs. It is reserved: research never reads, writes, returns or removes its rows.
    /// </summary>
    public const string SystemTopic = "system";

    /// <summary>Gets or sets the primary key.</summary>
    /// <value>
    /// Made by the client for rows that the services store, else by the server's <c>gen_random_uuid()</c>;
    /// <see cref="Guid.Empty"/> on an entry that was not stored.
    /// </value>
    public Guid Id { get; set; }

    /// <summary>Gets or sets what was researched; <see cref="SystemTopic"/> for system events. The schema's only NOT NULL text.</summary>
    public string Topic { get; set; } = null!;

    /// <summary>Gets or sets the research summary or log text. Blank content (white space only) counts as a miss.</summary>
    public string? Content { get; set; }

    /// <summary>Gets or sets when the row was stored, by the database's clock (<c>now()</c> by default), in UTC.</summary>
    /// <value>
    /// <see langword="null"/> where the row states no time, and on an entry that was not stored; such a row is never fresh. A moment
    /// outside of .NET's years reads as the nearest that there is.
    /// </value>
    public DateTimeOffset? CreatedAt { get; set; }
}
