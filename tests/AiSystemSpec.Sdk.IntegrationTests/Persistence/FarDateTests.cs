using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AiSystemSpec.Sdk.IntegrationTests.Persistence;

/// <summary>LINQ over rows that are dated outside of .NET's years, in the SDK's context and in a host's.</summary>
public sealed class FarDateTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private readonly HostServices _sdk = HostServices.Over(postgres.ConnectionString);

    public async Task InitializeAsync()
    {
        if (await Sql.ScalarAsync<long>(postgres.ConnectionString, "SELECT count(*) FROM public.scripts") == 0)
        {
            await FarDates.InsertAsync(postgres.ConnectionString, "scripts", "content", "moment", each: 2);
        }
    }

    public async Task DisposeAsync() => await _sdk.DisposeAsync();

    [Theory]
    [InlineData("the SDK's")]
    [InlineData("a host's")]
    [InlineData("a host's, with EF Core's retries")]
    public async Task Rows_are_read_filtered_sorted_and_summed_up(string whose)
    {
        await using var context = Context(whose);
        var scripts = context.Set<Script>();
        var rows = await scripts.Where(script => script.CreatedAt != null).OrderByDescending(script => script.CreatedAt).ToListAsync();
        Assert.Equal(FarDates.Moments, rows.Select(script => script.Content!).Distinct(StringComparer.Ordinal));
        Assert.All(rows, script => Assert.Equal(FarDates.Read(script.Content!), script.CreatedAt));
        Assert.Equal((DateTimeOffset.MinValue, DateTimeOffset.MaxValue), (await scripts.MinAsync(script => script.CreatedAt), await scripts.MaxAsync(script => script.CreatedAt)));
        var year = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.FromHours(5));
        Assert.Equal((16, 12), (await scripts.CountAsync(script => script.CreatedAt >= year), await scripts.CountAsync(script => script.CreatedAt < year.AddYears(1) && script.CreatedAt < year)));
        Assert.Equal(2, await scripts.CountAsync(script => script.CreatedAt == DateTimeOffset.MaxValue));
        Assert.Equal(4, await scripts.CountAsync(script => new DateTimeOffset?[] { DateTimeOffset.MinValue, FarDates.Read("2026-01-02T03:04:05.123456Z") }.Contains(script.CreatedAt)));
        Assert.Equal(28, (await scripts.Select(script => new { script.Content, script.CreatedAt }).Where(script => script.CreatedAt != null).ToListAsync()).Count);
        Assert.NotEmpty(await scripts.GroupBy(script => script.CreatedAt).Select(moment => moment.Key).ToListAsync());
    }

    [Theory]
    [InlineData("the SDK's")]
    [InlineData("a host's")]
    public async Task Saving_a_row_keeps_the_moment_that_the_server_has(string whose)
    {
        var id = await Sql.ScalarAsync<Guid>(postgres.ConnectionString, "INSERT INTO public.scripts (content, created_at) VALUES ('saved', '58856-01-01T00:00:00Z') RETURNING id");
        await using (var context = Context(whose))
        {
            var script = await context.Set<Script>().SingleAsync(script => script.Id == id);
            script.Content = "changed";
            Assert.Equal(1, await context.SaveChangesAsync());
            _ = context.Remove(script);
            Assert.Equal("58856-01-01 00:00:00 changed", await Sql.ScalarAsync<string>(
                postgres.ConnectionString, "SELECT (created_at AT TIME ZONE 'UTC') || ' ' || content FROM public.scripts WHERE id = $1", id));
            Assert.Equal(1, await context.SaveChangesAsync());
        }
    }

    [Theory]
    [InlineData("infinity")]
    [InlineData("-infinity")]
    [InlineData("2026-01-02 03:04:05.123456+00")]
    public async Task Moments_are_written_as_they_are_read(string moment)
    {
        await using var context = Context("a host's");
        var added = context.Add(new Script { Content = "written", CreatedAt = moment[^1] == '0' ? FarDates.Read("2026-01-02T03:04:05.123456Z") : FarDates.Read(moment) }).Entity;
        _ = await context.SaveChangesAsync();
        Assert.Equal(moment, await Sql.ScalarAsync<string>(postgres.ConnectionString, "SELECT created_at::text FROM public.scripts, set_config('TimeZone', 'UTC', false) WHERE id = $1", added.Id));
        _ = context.Remove(added);
        _ = await context.SaveChangesAsync();
    }

    private DbContext Context(string whose) => whose switch
    {
        "the SDK's" => _sdk.Services.GetRequiredService<IDbContextFactory<AiSystemSpecDbContext>>().CreateDbContext(),
        "a host's" => HostContext.Over(postgres.ConnectionString, useAiSystemSpec: false),
        _ => new HostContext(new DbContextOptionsBuilder<HostContext>().UseNpgsql(postgres.ConnectionString, npgsql => npgsql.EnableRetryOnFailure()).Options),
    };
}
