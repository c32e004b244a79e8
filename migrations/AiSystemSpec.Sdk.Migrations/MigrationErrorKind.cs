using System.Text.Json.Serialization;

namespace AiSystemSpec.Sdk.Migrations;

/// <summary>What a <see cref="MigrationException"/> means for the database.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<MigrationErrorKind>))]
public enum MigrationErrorKind
{
    /// <summary>The operation was not begun: nothing was changed.</summary>
    Refused,

    /// <summary>
    /// The operation began and failed. Each migration is applied wholly or not at all, an index at worst INVALID; the operation may be
    /// run again.
    /// </summary>
    Failed,

    /// <summary>The database cannot be reached or does not let the user in: nothing was changed.</summary>
    CannotConnect,
}
