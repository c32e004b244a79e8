using Npgsql;

namespace AiSystemSpec.Sdk.Connections.Parsing;

/// <summary>
/// The names of parameters: libpq's, those that services and frameworks put into URIs, and what becomes of each. Compared without case,
/// <c>_</c>, <c>-</c> and spaces, so that JDBC's <c>channelBinding</c> is libpq's <c>channel_binding</c>.
/// </summary>
internal static class LibpqNames
{
    public const string Host = "host";
    public const string HostAddress = "hostaddr";
    public const string Port = "port";

    /// <summary>Npgsql's keyword for each name that has an equal there.</summary>
    private static readonly Dictionary<string, string> Keywords = new(StringComparer.Ordinal)
    {
        ["user"] = "Username",
        ["username"] = "Username",
        ["password"] = "Password",
        ["passfile"] = "Passfile",
        ["dbname"] = "Database",
        ["database"] = "Database",
        ["sslmode"] = "SSL Mode",
        ["sslrootcert"] = "Root Certificate",
        ["sslcert"] = "SSL Certificate",
        ["sslkey"] = "SSL Key",
        ["sslpassword"] = "SSL Password",
        ["sslnegotiation"] = "SSL Negotiation",
        ["channelbinding"] = "Channel Binding",
        ["requireauth"] = "Require Auth",
        ["gssencmode"] = "GSS Encryption Mode",
        ["krbsrvname"] = "Kerberos Service Name",
        ["applicationname"] = "Application Name",
        ["connecttimeout"] = "Timeout",
        ["logintimeout"] = "Timeout",
        ["commandtimeout"] = "Command Timeout",
        ["targetsessionattrs"] = "Target Session Attributes",
        ["loadbalancehosts"] = "Load Balance Hosts",
        ["hostrecheckseconds"] = "Host Recheck Seconds",
        ["options"] = "Options",
        ["timezone"] = "Timezone",
        ["keepalives"] = "Tcp Keepalive",
        ["tcpkeepalive"] = "Tcp Keepalive",
        ["keepalivesidle"] = "Tcp Keepalive Time",
        ["keepalivesinterval"] = "Tcp Keepalive Interval",
    };

    /// <summary>Names whose value <see cref="LibpqParameters"/> looks at.</summary>
    private static readonly HashSet<string> Special = new(StringComparer.Ordinal)
    {
        Host, HostAddress, Port, "ssl", "sslaccept", "requiressl", "fallbackapplicationname", "clientencoding", "encoding", "charset", "sslminprotocolversion", "sslcertmode",
    };

    /// <summary>What tunes a pool, a cache of statements, a driver or a framework that is not here: nothing is less safe without.</summary>
    private static readonly HashSet<string> Hints = new(StringComparer.Ordinal)
    {
        // Supabase, PgBouncer, Neon, Prisma, Drizzle and node's drivers
        "pgbouncer", "supa", "connectionlimit", "pooltimeout", "poolsize", "pool", "statementcachesize", "statementcachemode", "schema", "sockettimeout", "singleuseconnections", "uselibpqcompat", "max", "min", "idletimeout", "idletimeoutmillis",
        "connectiontimeoutmillis", "querytimeout", "maxlifetime", "maxuses", "prepare", "fetchtypes", "workaround",
        // libpq's own without an equal
        "keepalivescount", "tcpusertimeout", "sslsni", "sslcompression", "sslmaxprotocolversion", "sslkeylogfile", "gsslib", "gssdelegation", "minprotocolversion", "maxprotocolversion",
        // Rails, Django, SQLAlchemy and asyncpg
        "reconnect", "checkouttimeout", "reapingfrequency", "advisorylocks", "minmessages", "schemasearchpath", "variables", "connmaxage", "connhealthchecks", "disableserversidecursors",
        "atomicrequests", "autocommit", "asyncfallback", "minsize", "maxsize", "maxoverflow", "jit",
        // JDBC and pgx
        "preparethreshold", "preparedstatements", "currentschema", "searchpath", "binarytransfer", "rewritebatchedinserts", "stringtype", "autosave", "adaptivefetch", "defaultrowfetchsize", "targetservertype",
        "preferquerymode", "poolmaxconns", "poolminconns", "poolminidleconns", "poolmaxconnlifetime", "poolmaxconnlifetimejitter", "poolmaxconnidletime",
        "poolhealthcheckperiod", "cancelsignaltimeout", "sslresponsetimeout", "loggerlevel", "assumeminserverversion", "defaultqueryexecmode", "descriptioncachecapacity",
        // Limits of the session, which the options or the role set
        "statementtimeout", "locktimeout", "idleintransactionsessiontimeout",
    };

    private static readonly string[] HintBeginnings = ["pool", "prepare", "statementcache"];

    /// <summary>What would be less safe, or another connection, if it were left out.</summary>
    private static readonly HashSet<string> Refused = new(StringComparer.Ordinal)
    {
        "sslcrl", "sslcrldir", "sslfactory", "sslfactoryarg", "sslhostnameverifier", "sslpasswordcallback", "sslidentity", "requirepeer", "authenticationpluginclassname",
        "scramclientkey", "scramserverkey", "oauthissuer", "oauthclientid", "oauthclientsecret", "oauthscope", "service", "servicefile", "replication",
        "role", "sessionauthorization", "readonly", "defaulttransactionreadonly",
    };

    public static string Normalize(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToLowerInvariant();

    public static bool IsKnown(string name) => Normalize(name) is var known && (Keywords.ContainsKey(known) || Special.Contains(known) || Refused.Contains(known) || IsHint(name, mayName: true));

    public static bool IsKnownToEither(string name) => IsKnown(name) || new NpgsqlConnectionStringBuilder().ContainsKey(name.Trim());

    /// <param name="name">Its name.</param>
    /// <param name="mayName">Whether it is one for sure: only then is its beginning enough.</param>
    public static bool IsHint(string name, bool mayName) =>
        Normalize(name) is var known
        && (Hints.Contains(known) || (mayName && Array.Exists(HintBeginnings, beginning => known.StartsWith(beginning, StringComparison.Ordinal))));

    public static bool IsRefused(string name) => Refused.Contains(Normalize(name));

    /// <summary>Npgsql's keyword, for one of libpq's names or of Npgsql's own; null where there is none.</summary>
    public static string? FindKeyword(string name) =>
        Keywords.GetValueOrDefault(Normalize(name)) ?? (new NpgsqlConnectionStringBuilder().ContainsKey(name) ? name : null);
}
