
namespace AiSystemSpec.Sdk.Migrations.Scripts;

internal static class PlainSql
{
    public static string? FindChecksum(string migrationId) => null;
}
