using AiSystemSpec.Sdk.Rows;

namespace AiSystemSpec.Sdk;

/// <summary>One row of <c>scripts</c>: a version in the script history that sessions share.</summary>
public sealed class Script : IKeysetRow
{
    /// <summary>Gets or sets the primary key.</summary>
    /// <value>Made by the client for rows that <see cref="IScriptStore"/> saves, else by the server's <c>gen_random_uuid()</c>.</value>
    public Guid Id { get; set; }

    /// <summary>Gets or sets the script's body.</summary>
    public string? Content { get; set; }

    /// <summary>Gets or sets when the row was stored, by the database's clock (<c>now()</c> by default), in UTC.</summary>
    /// <value>A moment outside of .NET's years reads as the nearest that there is.</value>
    public DateTimeOffset? CreatedAt { get; set; }
}
