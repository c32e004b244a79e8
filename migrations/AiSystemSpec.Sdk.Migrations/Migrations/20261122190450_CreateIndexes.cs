using AiSystemSpec.Sdk.Migrations.Statements;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AiSystemSpec.Sdk.Migrations.Migrations
{
    /// <summary>Indexes for the services' lookups, built without stopping writers. Everything works without them, only slower.</summary>
    internal sealed partial class CreateIndexes : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            foreach (var index in LookupIndexes.All)
            {
                migrationBuilder.Sql(index.DropSql, suppressTransaction: true); // what a broken build left is INVALID
                migrationBuilder.Sql(index.CreateSql, suppressTransaction: true);
            }
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            foreach (var index in LookupIndexes.All)
            {
                migrationBuilder.Sql(index.DropSql, suppressTransaction: true);
            }
        }
    }
}
