using AiSystemSpec.Sdk.Migrations.EntityFramework;
using AiSystemSpec.Sdk.Migrations.Scripts;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AiSystemSpec.Sdk.Migrations.Migrations
{
    /// <summary>
    /// The identity of the database, one row, by which a file that was written for it is known. Everything works without it.
    /// </summary>
    internal sealed partial class CreateDatabaseIdentity : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Statement("20261126011500_CreateDatabaseIdentity/up/01_pin_search_path");
            migrationBuilder.Statement("20261126011500_CreateDatabaseIdentity/up/02_create_table");
            migrationBuilder.Statement("20261126011500_CreateDatabaseIdentity/up/03_allow_one_row");
            migrationBuilder.Statement("20261126011500_CreateDatabaseIdentity/up/04_insert_row");
            migrationBuilder.Statement("20261126011500_CreateDatabaseIdentity/up/05_close_table");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Statement("20261126011500_CreateDatabaseIdentity/down/01_pin_search_path");
            migrationBuilder.Statement("20261126011500_CreateDatabaseIdentity/down/02_drop_table");
        }
    }
}
