using AiSystemSpec.Sdk.Persistence.Translation;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace AiSystemSpec.Sdk;

/// <summary>Lets a host's own context ask in LINQ for what stands inside the JSON of <c>pipeline_runs</c>.</summary>
public static class AiSystemSpecDbContextOptionsBuilderExtensions
{
    /// <summary>
    /// Translates the properties of <see cref="StageMetrics"/> (<c>Sum(run =&gt; run.Metrics!.CostUsd)</c>) and of
    /// <see cref="RunStatus"/> in a context that maps the tables with <see cref="AiSystemSpecModelBuilderExtensions.ApplyAiSystemSpec"/>.
    /// Without it, such a query throws EF Core's exception that it cannot be translated; <see cref="AiSystemSpecDbContext"/> needs no
    /// call, unless it is pooled by the host.
    /// </summary>
    /// <param name="optionsBuilder">The context's options, with the Npgsql provider.</param>
    /// <returns>The same builder.</returns>
    /// <remarks>
    /// The numbers are those that reading the rows gives: <c>latency</c> and <c>cost</c> count where <c>latency_ms</c> and
    /// <c>cost_usd</c> are absent, and a value of another type counts as none. Costs are compared and summed to 18 decimals. A compiled
    /// model (<c>dotnet ef dbcontext optimize</c>) needs the call in any case, since the generated code does not keep how the columns are
    /// read: without it, each query throws <see cref="InvalidOperationException"/>, of which the first names the call. The provider's
    /// <c>EF.Functions.JsonContains</c> and its like work on refs and metrics. Safe to call twice.
    /// </remarks>
    public static DbContextOptionsBuilder UseAiSystemSpec(this DbContextOptionsBuilder optionsBuilder)
    {
        ArgumentNullException.ThrowIfNull(optionsBuilder);
        if (optionsBuilder.Options.FindExtension<AiSystemSpecOptionsExtension>() is null)
        {
            ((IDbContextOptionsBuilderInfrastructure)optionsBuilder).AddOrUpdateExtension(new AiSystemSpecOptionsExtension());
        }

        return optionsBuilder;
    }

    /// <inheritdoc cref="UseAiSystemSpec(DbContextOptionsBuilder)"/>
    /// <typeparam name="TContext">The context.</typeparam>
    public static DbContextOptionsBuilder<TContext> UseAiSystemSpec<TContext>(this DbContextOptionsBuilder<TContext> optionsBuilder)
        where TContext : DbContext =>
        (DbContextOptionsBuilder<TContext>)UseAiSystemSpec((DbContextOptionsBuilder)optionsBuilder);
}
