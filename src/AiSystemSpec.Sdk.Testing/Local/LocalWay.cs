using AiSystemSpec.Sdk.Testing.Servers;

namespace AiSystemSpec.Sdk.Testing.Local;

/// <summary>A server of this machine's own binaries.</summary>
internal sealed class LocalWay(TestingEnvironment environment) : IPostgresWay
{
    public PostgresWays Kind => PostgresWays.Local;

    public string Name => "local server binaries";

    public async Task<IPostgresServer> StartAsync(EphemeralPostgresOptions options, CancellationToken cancellationToken)
    {
        var binaries = await ServerBinaries.ReadAsync(
            BinariesSearch.Find(options.BinariesFolder ?? environment.Binaries, environment.SearchFolders ?? BinariesSearch.UsualFolders(environment.SearchPath)), cancellationToken).ConfigureAwait(false);
        var user = ServerUser.Find();
        var folders = await ServerFolders.OpenAsync(environment.TempFolder, user, cancellationToken).ConfigureAwait(false);
        await AbandonedServers.RemoveAsync(folders, environment.Time, cancellationToken).ConfigureAwait(false);
        var template = await DataTemplate.GetAsync(folders, binaries, user, environment.Time, cancellationToken).ConfigureAwait(false);
        var folder = await folders.CreateOwnedAsync("run", user, cancellationToken).ConfigureAwait(false);
        var server = new LocalServer(new LocalParts(binaries, user, environment.Time), folder, template.Password, options.Settings);
        try
        {
            await template.CopyToAsync(server.Data, user, cancellationToken).ConfigureAwait(false);
            await server.StartAsync(cancellationToken).ConfigureAwait(false);
            return server;
        }
        catch
        {
            await server.EndAsync([]).ConfigureAwait(false);
            throw;
        }
    }
}
