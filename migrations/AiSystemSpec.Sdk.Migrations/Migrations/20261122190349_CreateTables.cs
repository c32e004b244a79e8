using AiSystemSpec.Sdk.Migrations.EntityFramework;
using AiSystemSpec.Sdk.Migrations.Scripts;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AiSystemSpec.Sdk.Migrations.Migrations
{
    /// <summary>
    /// The three tables of the canonical schema, born closed where Supabase's roles exist, and our own list of tables that were there
    /// before.
    /// </summary>
    internal sealed partial class CreateTables : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Statement("20261122190349_CreateTables/up/01_pin_search_path");
            migrationBuilder.Statement("20261122190349_CreateTables/up/02_create_schema");
            migrationBuilder.CreateTableStatement("20261122190349_CreateTables/up/03_create_table_pipeline_runs", "pipeline_runs");
            migrationBuilder.CreateTableStatement("20261122190349_CreateTables/up/04_create_table_research_cache", "research_cache");
            migrationBuilder.CreateTableStatement("20261122190349_CreateTables/up/05_create_table_scripts", "scripts");
            migrationBuilder.Statement("20261122190349_CreateTables/up/06_close_tables");
            migrationBuilder.Statement("20261122190349_CreateTables/up/07_create_table_found_tables");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Statement("20261122190349_CreateTables/down/01_pin_search_path");
            migrationBuilder.Statement("20261122190349_CreateTables/down/02_drop_tables");
            migrationBuilder.Statement("20261122190349_CreateTables/down/03_drop_table_found_tables");
        }
    }
}
