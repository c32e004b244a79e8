using AiSystemSpec.Sdk.Connections.Settings;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace AiSystemSpec.Sdk.Connections.Opening;

/// <summary>Makes a data source of a connection string in any of the forms that are taken.</summary>
internal static class OwnDataSource
{
    /// <param name="settings">The connection string as it was read.</param>
    /// <param name="loggers">Where Npgsql logs, its statements at Debug; nowhere where null.</param>
    public static NpgsqlDataSource Build(NpgsqlConnectionStringBuilder settings, ILoggerFactory? loggers)
    {
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        if (loggers is not null)
        {
            builder.UseLoggerFactory(new QuietCommands(loggers));
        }

        return ConnectionString.HasSeveralHosts(settings) ? builder.BuildMultiHost() : builder.Build();
    }
}
