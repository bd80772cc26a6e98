namespace PersonalizationPlatform.Tests.Harness;

/// <summary>A file of the repository that must say what the program does. <c>UPDATE_SNAPSHOTS=1</c> writes it anew, to be read as a diff.</summary>
public static class Snapshot
{
    /// <summary>The directory of the solution.</summary>
    public static string Root { get; } = FindRoot();

    public static void Matches(string path, string actual)
    {
        var file = Path.Combine(Root, path);
        actual = actual.ReplaceLineEndings("\n").TrimEnd() + "\n";
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, actual);
            return;
        }

        var expected = File.Exists(file) ? File.ReadAllText(file).ReplaceLineEndings("\n") : "";
        if (expected == actual)
            return;
        var (before, after) = (expected.Split('\n'), actual.Split('\n'));
        var line = before.Zip(after).TakeWhile(pair => pair.First == pair.Second).Count();
        Assert.Fail(
            $"{path} is not what the program does now. If the change is meant, run the tests with UPDATE_SNAPSHOTS=1 and read the diff.\n"
            + $"They part at line {line + 1}:\n- {before.ElementAtOrDefault(line)}\n+ {after.ElementAtOrDefault(line)}\n"
            + "Gone:\n" + string.Join('\n', before.Except(after).Take(20)) + "\nNew:\n" + string.Join('\n', after.Except(before).Take(20)));
    }

    private static string FindRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && directory.GetFiles("*.sln").Length == 0)
            directory = directory.Parent;
        return directory?.FullName ?? throw new InvalidOperationException("The tests do not run below the repository.");
    }
}
