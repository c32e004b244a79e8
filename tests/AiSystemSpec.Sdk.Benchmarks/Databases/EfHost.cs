using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace AiSystemSpec.Sdk.Benchmarks.Databases;

/// <summary>EF Core as a careful host sets it up: pooled contexts over one data source.</summary>
internal sealed class EfHost : IAsyncDisposable
{
    private readonly NpgsqlDataSource _dataSource;
    private readonly ServiceProvider _services;

    public EfHost(string connectionString)
    {
        _dataSource = NpgsqlDataSource.Create(connectionString);
        _services = new ServiceCollection()
            .AddPooledDbContextFactory<AiSystemSpecDbContext>(options => options.UseNpgsql(_dataSource))
            .BuildServiceProvider();
        Contexts = _services.GetRequiredService<IDbContextFactory<AiSystemSpecDbContext>>();
    }

    public IDbContextFactory<AiSystemSpecDbContext> Contexts { get; }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _dataSource.DisposeAsync();
    }
}
