using System.Text.Json.Serialization;

namespace AiSystemSpec.Sdk.Testing;

/// <summary>The ways in which <see cref="EphemeralPostgres"/> can come by a server, in the order in which they are tried.</summary>
[Flags]
[JsonConverter(typeof(JsonStringEnumConverter<PostgresWays>))]
public enum PostgresWays
{
    /// <summary>No way; not valid as a choice.</summary>
    None = 0,

    /// <summary>A server that runs already, named by a connection string.</summary>
    ConfiguredServer = 1,

    /// <summary>A container in a Docker engine that answers.</summary>
    Docker = 2,

    /// <summary>The machine's own server binaries.</summary>
    Local = 4,

    /// <summary>A server started for the purpose: the ways that can be crashed and restarted.</summary>
    OwnServer = Docker | Local,

    /// <summary>Every way.</summary>
    Any = ConfiguredServer | Docker | Local,
}
