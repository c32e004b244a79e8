using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;

namespace AiSystemSpec.Sdk.IntegrationTests.Runs;

/// <summary>One fault in a spool directory, made at random.</summary>
internal sealed class SpoolFault(string directory, Random random)
{
    private bool _isCovered;

    /// <param name="kind">Which.</param>
    /// <param name="connectionString">The database, for a second process.</param>
    public async Task MakeAsync(int kind, string connectionString)
    {
        try
        {
            switch (kind)
            {
                case 0:
                    Flip(AnyFile());
                    break;
                case 1:
                    Cut(AnyFile());
                    break;
                case 2:
                    Directory.Delete(AnyFolder(), recursive: true);
                    break;
                case 3:
                    File.Delete(AnyFile());
                    break;
                case 5:
                    Cover();
                    break;
                case 6:
                    await MeetAsync(connectionString);
                    break;
                default:
                    break; // the disk is full by itself
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The process was faster, and the file is gone.
        }
    }

    public void End()
    {
        if (_isCovered)
        {
            SmallDisk.Uncover(directory);
            _isCovered = false;
        }
    }

    /// <summary>A second process looks for folders of the dead, with locks that work or without.</summary>
    private async Task MeetAsync(string connectionString)
    {
        var environment = new Dictionary<string, string?>(StringComparer.Ordinal) { ["DOTNET_SYSTEM_IO_DISABLEFILELOCKING"] = random.Next(2) == 0 ? "0" : "1" };
        await using var second = await TestHostProcess.StartAsync(environment, "spool", connectionString, directory, "none", "0");
        Assert.Equal("0 0 0 0 0", await second.ReadLineAsync());
    }

    private void Cover()
    {
        _isCovered = SmallDisk.TryCover(directory);
        if (!_isCovered)
        {
            foreach (var folder in Directory.EnumerateDirectories(directory))
            {
                Directory.Move(folder, $"{folder}-moved");
            }
        }
    }

    private string AnyFolder() => Any(Directory.GetDirectories(directory, "writer-*"));

    private string AnyFile() => Any(Directory.GetFiles(AnyFolder()));

    private string Any(string[] paths) => paths.Length == 0 ? throw new FileNotFoundException() : paths[random.Next(paths.Length)];

    private void Flip(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        var bit = random.NextInt64(file.Length * 8);
        file.Position = bit / 8;
        var value = file.ReadByte();
        file.Position = bit / 8;
        file.WriteByte((byte)(value ^ (1 << (int)(bit % 8))));
    }

    private void Cut(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        file.SetLength(random.NextInt64(file.Length));
    }
}
