using AiSystemSpec.Sdk.Connections;
using AiSystemSpec.Sdk.Research.Storing;
using AiSystemSpec.Sdk.Research.Table;
using AiSystemSpec.Sdk.Specification;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Npgsql;

namespace AiSystemSpec.Sdk.Tests.Persistence;

/// <summary>The hand-written SQL and the EF model speak of the same tables and columns.</summary>
public sealed class ModelTests
{
    [Theory]
    [InlineData(typeof(ResearchEntry), "research_cache", "id topic content created_at")]
    [InlineData(typeof(Script), "scripts", "id content created_at")]
    [InlineData(typeof(PipelineRun), "pipeline_runs", "id run_id stage status attempts input_refs output_refs error_summary metrics created_at")]
    public void Model_has_the_schemas_tables_and_columns_in_its_order(Type type, string table, string columns)
    {
        using var dataSource = NpgsqlDataSource.Create("Host=unused");
        using var context = new AiSystemSpecDbContext(AiSystemSpecContextOptions.Create(dataSource, commandTimeout: null));
        var entity = context.GetService<IDesignTimeModel>().Model.FindEntityType(type)!;
        var names = type.GetProperties().Select(property => entity.FindProperty(property.Name)!.GetColumnName(StoreObjectIdentifier.Table(table, Schema.Name)));
        Assert.Equal((table, Schema.Name), (entity.GetTableName(), entity.GetSchema()));
        Assert.Equal(columns, string.Join(' ', names));
        Assert.Empty(entity.GetIndexes());
        Assert.Empty(entity.GetCheckConstraints());
    }

    [Fact]
    public void Hot_statements_name_the_models_table_and_columns()
    {
        using var dataSource = NpgsqlDataSource.Create("Host=unused");
        using var context = new AiSystemSpecDbContext(AiSystemSpecContextOptions.Create(dataSource, commandTimeout: null));
        var entity = context.Model.FindEntityType(typeof(ResearchEntry))!;
        var table = $"{entity.GetSchema()}.{entity.GetTableName()}";
        foreach (var sql in new[] { ResearchSql.LookUp("t"), ResearchSql.LookUp("t", isIndexed: false), ResearchSql.LookUp(["t"]), ResearchSql.LookUp(["t"], isIndexed: false), ResearchSql.LookUpDistributed(["t"], isIndexed: true), ResearchSql.LookUpDistributed(["t"], isIndexed: false), ResearchSql.LookUndated, ResearchSql.Remove, StoreSql.Append, StoreSql.AppendPlainly, StoreSql.FindById, StoreSql.Refresh("topic", predicate: null), StoreSql.RefreshPlainly })
        {
            Assert.Contains($" {table}", sql, StringComparison.Ordinal);
        }

        foreach (var property in entity.GetProperties())
        {
            Assert.Contains(property.GetColumnName(), ResearchSql.LookUp("t"), StringComparison.Ordinal);
        }
    }
}
