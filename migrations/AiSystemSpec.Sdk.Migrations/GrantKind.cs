using System.Text.Json.Serialization;

namespace AiSystemSpec.Sdk.Migrations;

/// <summary>What a role is to do.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<GrantKind>))]
public enum GrantKind
{
    /// <summary>Run the services: read and write rows. No change to the schema.</summary>
    App,

    /// <summary>Look at rows and at the history of migrations, for dashboards.</summary>
    Reader,
}
