using AiSystemSpec.Sdk.Runs.Spool;

namespace AiSystemSpec.Sdk.Tests.Runs.Spool;

public sealed class DatabaseIdentityTests
{
    private static readonly ServerDatabase Server = new(7_000_000_000_000_000_000, 16_384);
    private static readonly Guid Id = Guid.NewGuid();

    [Theory]
    [InlineData(true, null, null, true, null, null, true)] // nothing but the target is known
    [InlineData(false, null, null, false, null, null, true)]
    [InlineData(true, null, null, false, null, null, false)]
    [InlineData(true, 1, null, false, 1, null, true)] // another name of the same server
    [InlineData(true, 1, null, false, 2, null, false)]
    [InlineData(true, 1, 1, false, 1, 2, true)]
    [InlineData(true, 1, 1, true, 2, 1, true)] // restored: the same id on another server
    [InlineData(true, 1, 1, true, 2, 2, false)] // another database under the old address
    [InlineData(true, 1, 1, true, 2, null, true)]
    [InlineData(true, null, 1, true, 2, 2, false)]
    [InlineData(true, null, 1, false, null, 1, false)]
    public void Owns_where_the_server_says_so_or_the_target_does_and_nothing_speaks_against_it(
        bool first, int? firstServer, int? firstId, bool second, int? secondServer, int? secondId, bool owns)
    {
        var (one, other) = (Of(first, firstServer, firstId), Of(second, secondServer, secondId));
        Assert.Equal(owns, one.Owns(other));
        Assert.Equal(owns, other.Owns(one));
    }

    [Theory]
    [InlineData("Host=db;Username=app;Database=x", "", "postgresql://app@db:5432/x")]
    [InlineData("Host=DB;Username=app", "", "postgresql://app@db:5432/app")]
    [InlineData("Host=b:6000,a;Port=7000;Username=app;Database=x;Password=hush", "", "postgresql://app@a:7000,b:6000/x")]
    [InlineData("Host=/run/pg;Username=app;Database=x", "", "postgresql://app@%2Frun%2Fpg:5432/x")]
    [InlineData("Host=::1;Username=a@b;Database=x/y", "", "postgresql://a%40b@::1:5432/x%2Fy")]
    [InlineData("Host=db;Username=app;Database=x", "Int32:1", "postgresql://app@db:5432/x?registration=Int32%3A1")]
    public void Target_is_one_text_for_one_configuration(string connectionString, string registration, string target) =>
        Assert.Equal(target, ConfiguredTarget.Of(connectionString, registration));

    [Fact]
    public void Registrations_under_1_and_the_text_1_are_two()
    {
        var names = new object?[] { null, 1, "1", 1L, "" }.Select(key => new AiSystemSpec.Sdk.DependencyInjection.Registration(key, "", null).Name).ToList();
        Assert.Equal(names.Count, names.Distinct().Count());
    }

    private static DatabaseIdentity Of(bool isFirst, int? server, int? id) => new(
        isFirst ? "postgresql://a@one:5432/x" : "postgresql://a@two:5432/x",
        server is { } oid ? Server with { DatabaseOid = (uint)oid } : null,
        id is null ? null : id == 1 ? Id : Guid.Empty);
}
