namespace AiSystemSpec.Sdk.Runs.Spool;

/// <summary>A database as its server knows it.</summary>
/// <param name="SystemIdentifier">The cluster's identifier, made by <c>initdb</c> and kept by physical replication.</param>
/// <param name="DatabaseOid">The database's oid within the cluster.</param>
internal readonly record struct ServerDatabase(ulong SystemIdentifier, uint DatabaseOid);
