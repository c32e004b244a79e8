using Microsoft.EntityFrameworkCore;

namespace AiSystemSpec.Sdk.Connections;

/// <summary>Contexts for hosts' own LINQ, on the services' data source.</summary>
internal sealed class AiSystemSpecDbContextFactory(Database database) : IDbContextFactory<AiSystemSpecDbContext>
{
    public AiSystemSpecDbContext CreateDbContext() => database.CreateContext();
}
