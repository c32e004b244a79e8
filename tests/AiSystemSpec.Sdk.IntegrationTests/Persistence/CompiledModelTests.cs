using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;

namespace AiSystemSpec.Sdk.IntegrationTests.Persistence;

/// <summary>
/// A host's own context with a model that <c>dotnet ef dbcontext optimize</c> compiled, built and run as a program of its own.
/// </summary>
[Trait("Category", "EfTools")]
public sealed class CompiledModelTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IDisposable
{
    private const string Program =
        """
        using System.Text.Json.Nodes;
        using AiSystemSpec.Sdk;
        using Microsoft.EntityFrameworkCore;
        using Microsoft.EntityFrameworkCore.Design;

        async Task<string> Refused<T>(Func<Task<T>> ask)
        {
            try { return $"{await ask()}"; }
            catch (InvalidOperationException exception) { return exception.Message.Contains("UseAiSystemSpec()") ? "call UseAiSystemSpec()" : "refused"; }
        }

        if (args.Contains("bare"))
        {
            await using var bare = new HostContext(new DbContextOptionsBuilder<HostContext>().UseNpgsql(args[0]).Options);
            Console.WriteLine(await Refused(() => bare.Set<PipelineRun>().SumAsync(row => row.Metrics!.CostUsd)));
            Console.WriteLine(await Refused(() => bare.Set<PipelineRun>().CountAsync(row => row.Metrics!.CacheHit == true)));
            return;
        }

        await using var context = new HostFactory().CreateDbContext(args);
        var run = new PipelineRun { RunId = "compiled", Status = RunStatus.Success, InputRefs = new JsonObject { ["a"] = 1 }, Metrics = new StageMetrics { CostUsd = 0.5m, Additional = { ["model"] = "m" } } };
        context.Add(run);
        await context.SaveChangesAsync();
        run.Metrics.Additional["model"] = "n";
        await context.SaveChangesAsync();
        context.ChangeTracker.Clear();
        var read = await context.Set<PipelineRun>().SingleAsync(row => row.RunId == "compiled" && row.Status == RunStatus.Success);
        Console.WriteLine($"{context.Model.GetType().Name} {read.Metrics!.CostUsd} {read.Metrics.Additional["model"]} {read.InputRefs!["a"]}");
        Console.WriteLine(await context.Set<PipelineRun>().SumAsync(row => row.Metrics!.CostUsd));
        Console.WriteLine(await context.Set<PipelineRun>().CountAsync(row => EF.Functions.JsonContains(row.InputRefs!, "{\"a\": 1}")));
        Console.WriteLine(await Refused(() => context.Set<PipelineRun>().CountAsync(row => ((JsonArray)row.InputRefs!).Count == 0)));
        Console.WriteLine(await Refused(() => context.Set<PipelineRun>().CountAsync(row => row.Metrics!.Additional.Count == 1)));
        Console.WriteLine(string.Join(' ', (await context.Set<Script>().OrderBy(script => script.CreatedAt).ToListAsync()).Select(script => script.CreatedAt!.Value.Year)));

        public sealed class HostContext(DbContextOptions<HostContext> options) : DbContext(options)
        {
            protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.ApplyAiSystemSpec();
        }

        public sealed class HostFactory : IDesignTimeDbContextFactory<HostContext>
        {
            public HostContext CreateDbContext(string[] args) =>
                new(new DbContextOptionsBuilder<HostContext>().UseNpgsql(args.Length > 0 ? args[0] : "Host=unused").UseAiSystemSpec().Options);
        }
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aisystemspec-compiled-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Optimized_model_compiles_and_reads_writes_and_sums_up()
    {
        await FarDates.InsertAsync(postgres.ConnectionString, "scripts", "content", "moment", each: 1);
        await Sql.ExecuteAsync(postgres.ConnectionString, "DELETE FROM public.scripts WHERE created_at IS NULL OR created_at IN ('infinity', '-infinity')");
        await Sql.ExecuteAsync(postgres.ConnectionString, """INSERT INTO public.pipeline_runs (run_id, metrics) VALUES ('other', '{"cost": 0.25}'), ('odd', '{"cost_usd": "1"}')""");
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "Program.cs"), Program);
        await File.WriteAllTextAsync(
            Path.Combine(_folder.FullName, "Host.csproj"),
            $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
              </PropertyGroup>
              <ItemGroup>
                <Reference Include="{Path.Combine(AppContext.BaseDirectory, "AiSystemSpec.Sdk.dll")}" />
                <PackageReference Include="Microsoft.EntityFrameworkCore.Design" Version="10.0.15" />
                <PackageReference Include="Microsoft.EntityFrameworkCore.Relational" Version="10.0.15" />
                <PackageReference Include="Npgsql.EntityFrameworkCore.PostgreSQL" Version="10.0.3" />
                <PackageReference Include="Microsoft.Extensions.Hosting.Abstractions" Version="10.0.15" />
                <PackageReference Include="Microsoft.Extensions.Options.ConfigurationExtensions" Version="10.0.15" />
              </ItemGroup>
            </Project>
            """);

        await RunAsync(Repository.PathOf(), "tool", "restore");
        await RunAsync(_folder.FullName, "build", "--nologo");
        await RunAsync(Repository.PathOf(), "ef", "dbcontext", "optimize", "--no-build", "--project", _folder.FullName, "--output-dir", "Compiled", "--namespace", "Compiled");
        var said = await RunAsync(_folder.FullName, "run", "--", postgres.ConnectionString);
        var saidBare = await RunAsync(_folder.FullName, "run", "--no-build", "--", postgres.ConnectionString, "bare");

        Assert.Equal(["HostContextModel 0.5 n 1", "0.75", "1", "refused", "refused", "1 1 1 1 1 2026 9999 9999 9999 9999 9999 9999"], said.TrimEnd().Split('\n'));
        Assert.Equal(["call UseAiSystemSpec()", "refused"], saidBare.TrimEnd().Split('\n'));
    }

    private static async Task<string> RunAsync(string folder, params string[] arguments)
    {
        var run = await ProgramRun.OfAsync(folder, "dotnet", arguments);
        Assert.True(run.Code == 0, $"dotnet {string.Join(' ', arguments)}: {run.Said}");
        return run.Out;
    }
}
