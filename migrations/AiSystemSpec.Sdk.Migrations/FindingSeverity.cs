using System.Text.Json.Serialization;

namespace AiSystemSpec.Sdk.Migrations;

/// <summary>How much a finding matters, ascending.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FindingSeverity>))]
public enum FindingSeverity
{
    /// <summary>Worth knowing.</summary>
    Information,

    /// <summary>Not as the schema says, and everything works with it.</summary>
    Compatible,

    /// <summary>Something works badly or is open to others: access, slow lookups.</summary>
    Warning,

    /// <summary>Something does not work with it: drift.</summary>
    Error,
}
