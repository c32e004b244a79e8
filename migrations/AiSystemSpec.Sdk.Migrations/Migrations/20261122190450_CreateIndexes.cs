using AiSystemSpec.Sdk.Migrations.EntityFramework;
using AiSystemSpec.Sdk.Migrations.Scripts;
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
            migrationBuilder.DropIndexStatement("20261122190450_CreateIndexes/up/01_drop_ix_research_cache_topic_created_at", "ix_research_cache_topic_created_at");
            migrationBuilder.CreateIndexStatement("20261122190450_CreateIndexes/up/02_create_ix_research_cache_topic_created_at", "ix_research_cache_topic_created_at");
            migrationBuilder.DropIndexStatement("20261122190450_CreateIndexes/up/03_drop_ix_scripts_created_at_id", "ix_scripts_created_at_id");
            migrationBuilder.CreateIndexStatement("20261122190450_CreateIndexes/up/04_create_ix_scripts_created_at_id", "ix_scripts_created_at_id");
            migrationBuilder.DropIndexStatement("20261122190450_CreateIndexes/up/05_drop_ix_pipeline_runs_created_at_id", "ix_pipeline_runs_created_at_id");
            migrationBuilder.CreateIndexStatement("20261122190450_CreateIndexes/up/06_create_ix_pipeline_runs_created_at_id", "ix_pipeline_runs_created_at_id");
            migrationBuilder.DropIndexStatement("20261122190450_CreateIndexes/up/07_drop_ix_pipeline_runs_run_id_created_at", "ix_pipeline_runs_run_id_created_at");
            migrationBuilder.CreateIndexStatement("20261122190450_CreateIndexes/up/08_create_ix_pipeline_runs_run_id_created_at", "ix_pipeline_runs_run_id_created_at");
            migrationBuilder.DropIndexStatement("20261122190450_CreateIndexes/up/09_drop_ix_pipeline_runs_root_run_id_created_at", "ix_pipeline_runs_root_run_id_created_at");
            migrationBuilder.CreateIndexStatement("20261122190450_CreateIndexes/up/10_create_ix_pipeline_runs_root_run_id_created_at", "ix_pipeline_runs_root_run_id_created_at");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndexStatement("20261122190450_CreateIndexes/down/01_drop_ix_research_cache_topic_created_at", "ix_research_cache_topic_created_at");
            migrationBuilder.DropIndexStatement("20261122190450_CreateIndexes/down/02_drop_ix_scripts_created_at_id", "ix_scripts_created_at_id");
            migrationBuilder.DropIndexStatement("20261122190450_CreateIndexes/down/03_drop_ix_pipeline_runs_created_at_id", "ix_pipeline_runs_created_at_id");
            migrationBuilder.DropIndexStatement("20261122190450_CreateIndexes/down/04_drop_ix_pipeline_runs_run_id_created_at", "ix_pipeline_runs_run_id_created_at");
            migrationBuilder.DropIndexStatement("20261122190450_CreateIndexes/down/05_drop_ix_pipeline_runs_root_run_id_created_at", "ix_pipeline_runs_root_run_id_created_at");
        }
    }
}
