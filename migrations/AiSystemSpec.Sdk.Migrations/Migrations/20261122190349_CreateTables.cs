using System;
using AiSystemSpec.Sdk.Migrations.Statements;
using AiSystemSpec.Sdk.Persistence;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AiSystemSpec.Sdk.Migrations.Migrations
{
    /// <summary>The three tables of the canonical schema, born closed where Supabase's roles exist, and our own list of tables that were there before.</summary>
    internal sealed partial class CreateTables : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(SearchPath.Pin);
            migrationBuilder.EnsureSchema(
                name: "ai_system_spec");

            migrationBuilder.CreateTable(
                name: "pipeline_runs",
                schema: "public",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false, defaultValueSql: "gen_random_uuid()"),
                    run_id = table.Column<string>(type: "text", nullable: true),
                    stage = table.Column<string>(type: "text", nullable: true),
                    status = table.Column<string>(type: "text", nullable: true),
                    attempts = table.Column<int>(type: "integer", nullable: true),
                    input_refs = table.Column<string>(type: "jsonb", nullable: true),
                    output_refs = table.Column<string>(type: "jsonb", nullable: true),
                    error_summary = table.Column<string>(type: "text", nullable: true),
                    metrics = table.Column<string>(type: "jsonb", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true, defaultValueSql: "now()")
                },
                constraints: table =>
                {
                    table.PrimaryKey("pipeline_runs_pkey", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "research_cache",
                schema: "public",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false, defaultValueSql: "gen_random_uuid()"),
                    topic = table.Column<string>(type: "text", nullable: false),
                    content = table.Column<string>(type: "text", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true, defaultValueSql: "now()")
                },
                constraints: table =>
                {
                    table.PrimaryKey("research_cache_pkey", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "scripts",
                schema: "public",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false, defaultValueSql: "gen_random_uuid()"),
                    content = table.Column<string>(type: "text", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true, defaultValueSql: "now()")
                },
                constraints: table =>
                {
                    table.PrimaryKey("scripts_pkey", x => x.id);
                });

            migrationBuilder.Sql(ClosedAccess.For(Schema.ResearchCache, Schema.Scripts, Schema.PipelineRuns));
            migrationBuilder.Sql(FoundTables.CreateSql);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(SearchPath.Pin);
            migrationBuilder.Sql(FoundTables.GuardSql);
            migrationBuilder.DropTable(
                name: "pipeline_runs",
                schema: "public");

            migrationBuilder.DropTable(
                name: "research_cache",
                schema: "public");

            migrationBuilder.DropTable(
                name: "scripts",
                schema: "public");

            migrationBuilder.Sql(FoundTables.DropSql);
        }
    }
}
