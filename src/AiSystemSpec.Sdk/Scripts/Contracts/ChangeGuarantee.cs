using System.Text.Json.Serialization;

namespace AiSystemSpec.Sdk;

/// <summary>What a feed of scripts can promise on the table that it reads.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ChangeGuarantee>))]
public enum ChangeGuarantee
{
    /// <summary>Every committed script arrives at least once, however late it was committed and whatever its <c>created_at</c>.</summary>
    AtLeastOnce,

    /// <summary>
    /// Scripts arrive in the order of <c>created_at</c>, with a look back of 60 seconds: one that was committed later than that after its
    /// <c>created_at</c>, an old one that is changed, and one without <c>created_at</c> can be missed. So it is where PostgreSQL's own
    /// order of commits cannot be read: a view, a foreign table, a table that is not of the access method <c>heap</c>, Citus.
    /// </summary>
    Recent,
}
