using AiSystemSpec.Sdk.Migrations.Statements;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;
using Microsoft.EntityFrameworkCore.Migrations.Operations.Builders;

namespace AiSystemSpec.Sdk.Migrations.EntityFramework;

/// <summary>
/// What migrations are written with: every operation is an embedded statement, and says in an annotation what the runner must know of it.
/// </summary>
internal static class MigrationBuilderExtensions
{
    /// <summary>A statement inside the migration's transaction.</summary>
    public static OperationBuilder<SqlOperation> Statement(this MigrationBuilder builder, string name) =>
        builder.Sql(EmbeddedStatements.Read(name));

    /// <summary>A statement that creates one of the three tables; an adoption runs it for a table that is missing.</summary>
    public static void CreateTableStatement(this MigrationBuilder builder, string name, string table) =>
        builder.Statement(name).Annotation(SqlStatement.CreatesTableAnnotation, table);

    /// <summary>A statement that builds an index without stopping writers, outside of any transaction.</summary>
    public static void CreateIndexStatement(this MigrationBuilder builder, string name, string index) =>
        builder.Sql(EmbeddedStatements.Read(name), suppressTransaction: true).Annotation(SqlStatement.CreatesIndexAnnotation, index);

    /// <summary>
    /// A statement that drops an index without stopping writers, outside of any transaction; before a build it is for what a broken one
    /// left.
    /// </summary>
    public static void DropIndexStatement(this MigrationBuilder builder, string name, string index) =>
        builder.Sql(EmbeddedStatements.Read(name), suppressTransaction: true).Annotation(SqlStatement.DropsIndexAnnotation, index);
}
