using AiSystemSpec.Sdk.Testing.Local;

namespace AiSystemSpec.Sdk.Tests.Testing;

public sealed class BinariesSearchTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("aisystemspec-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Find_takes_the_first_folder_that_holds_a_server()
    {
        var clientOnly = Make("client", "psql");
        var server = Make("server", "initdb", "postgres");

        Assert.Equal(server, BinariesSearch.Find(null, [clientOnly, server]));
    }

    [Fact]
    public void Find_takes_the_named_folder_before_the_usual_ones()
    {
        var usual = Make("usual", "initdb", "postgres");
        var named = Make("named", "initdb", "postgres");

        Assert.Equal(named, BinariesSearch.Find(named, [usual]));
    }

    [Fact]
    public void Find_does_not_go_on_from_a_named_folder_that_is_wrong()
    {
        var usual = Make("usual", "initdb", "postgres");

        _ = Assert.Throws<InvalidOperationException>(() => BinariesSearch.Find(Make("wrong"), [usual]));
    }

    [Fact]
    public void Usual_folders_end_with_those_of_PATH()
    {
        var path = string.Join(Path.PathSeparator, Make("one"), Make("two"));

        Assert.Equal(path, string.Join(Path.PathSeparator, BinariesSearch.UsualFolders(path).TakeLast(2)));
    }

    private string Make(string name, params string[] programs)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;
        foreach (var program in programs)
        {
            File.WriteAllText(ServerBinaries.Program(folder, program), string.Empty);
        }

        return folder;
    }
}
