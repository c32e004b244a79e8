namespace AiSystemSpec.Sdk.Migrations.Locking;

/// <summary>A session that stands in the way; its query is left out, since it may hold data.</summary>
internal sealed record Blocker(int Pid, string User, string Application, string State, TimeSpan TransactionAge)
{
    public override string ToString() =>
        $"process {Pid} (user {User}, application \"{Application}\", {State}, in its transaction for {TransactionAge:c}); "
        + $"end that transaction, for example with SELECT pg_terminate_backend({Pid})";
}
