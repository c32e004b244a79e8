using System.Security.Cryptography;
using System.Text;
using AiSystemSpec.Sdk.Migrations.History;

namespace AiSystemSpec.Sdk.Migrations.EntityFramework;

/// <summary>What a database keeps beside a migration that it has, so that <c>verify</c> sees whether either was changed since.</summary>
/// <remarks>
/// It is taken of the embedded statements in this frame, which never changes, since databases hold the results. The plain SQL once looked
/// so; what its files say beside the statements, such as limits on time, may be improved.
/// </remarks>
internal static class MigrationChecksum
{
    public static string Of(MigrationScript script, bool isFirst)
    {
        var text = new StringBuilder($"-- {script.Id}: written from the migration, see migrations/README.md.\n\n");
        text.Append(isFirst ? $"{HistoryTable.CreateSchemaSql}\n\n{HistoryTable.CreateTableSql}\n\n" : "");
        text.Append(script.IsTransactional ? "START TRANSACTION;\nSET LOCAL lock_timeout = '5s';\n\n" : "SET lock_timeout = '60s';\n\n");
        foreach (var statement in script.Statements)
        {
            text.Append(statement.Text).Append("\n\n");
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
