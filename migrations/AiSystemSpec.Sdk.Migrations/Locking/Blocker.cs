namespace AiSystemSpec.Sdk.Migrations.Locking;

/// <summary>A session that stands in the way; its query is left out, since it may hold data.</summary>
/// <param name="Pid">The process of the server.</param>
/// <param name="User">Whose session it is.</param>
/// <param name="Application">What its client calls itself.</param>
/// <param name="State">What it does.</param>
/// <param name="TransactionAge">For how long it has been in its transaction; null where the server hides it from our role.</param>
/// <param name="IsBuilding">Whether it builds an index: the server goes on with that after its client was killed.</param>
internal sealed record Blocker(int Pid, string User, string Application, string State, TimeSpan? TransactionAge, bool IsBuilding)
{
    public override string ToString() =>
        $"process {Pid} (user {User}, application \"{Application}\", {State}{(TransactionAge is { } age ? $", in its transaction for {age:hh\\:mm\\:ss}" : "")}); "
        + (IsBuilding ? "it builds an index, as it does even when its client was killed: wait for it, or end it" : "end that transaction, for example")
        + $" with SELECT pg_terminate_backend({Pid})";
}
