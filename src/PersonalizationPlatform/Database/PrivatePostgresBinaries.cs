using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace PersonalizationPlatform.Database;

/// <summary>A directory of PostgreSQL programs (initdb, pg_ctl, postgres) of one major version.</summary>
internal sealed partial record PrivatePostgresBinaries(string Directory, int Major)
{
    /// <summary>The oldest major version that the SQL of this program runs on.</summary>
    private const int Oldest = 15;

    public string Program(string name) => Path.Combine(Directory, name);

    /// <summary>The newest usable programs on this machine, or exactly those of <paramref name="major"/> when a cluster of that version exists.</summary>
    /// <exception cref="PrivatePostgresException">None fits; the message tells what to install.</exception>
    public static PrivatePostgresBinaries Find(int? major)
    {
        var found = Places().Distinct().Select(Inspect).OfType<PrivatePostgresBinaries>().OrderByDescending(binaries => binaries.Major).ToList();
        var fitting = found.Find(binaries => major is null ? binaries.Major >= Oldest : binaries.Major == major);
        if (fitting is not null)
            return fitting;
        var seen = found.Count == 0 ? "none was found" : "found: " + string.Join(", ", found.Select(binaries => binaries.Major));
        throw new PrivatePostgresException(major is null
            ? $"PostgreSQL {Oldest} or newer is needed ({seen}). Install it (Debian, Ubuntu: apt-get install postgresql; macOS: brew install postgresql@17), "
              + "or set ConnectionStrings__Platform to a server of your own."
            : $"The data was written by PostgreSQL {major}, whose programs are not on this machine ({seen}). Install that version "
              + $"(Debian, Ubuntu: apt-get install postgresql-{major}; macOS: brew install postgresql@{major}), or move the data by dump and restore.");
    }

    private static IEnumerable<string> Places()
    {
        foreach (var root in new[] { "/usr/lib/postgresql", "/opt/homebrew/opt", "/usr/local/opt" })
        {
            if (!System.IO.Directory.Exists(root))
                continue;
            foreach (var version in System.IO.Directory.GetDirectories(root).Where(path => root.EndsWith("/postgresql", StringComparison.Ordinal) || Path.GetFileName(path).StartsWith("postgresql", StringComparison.Ordinal)))
                yield return Path.Combine(version, "bin");
        }

        foreach (var path in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
        {
            // A link or wrapper in PATH is not enough: the three programs look for one another in their own directory.
            var program = new FileInfo(Path.Combine(path, "pg_ctl"));
            if (program.Exists)
                yield return Path.GetDirectoryName((program.ResolveLinkTarget(returnFinalTarget: true) ?? program).FullName)!;
        }

        if (Output("pg_config", "--bindir") is { Length: > 0 } directory)
            yield return directory.Trim();
    }

    private static PrivatePostgresBinaries? Inspect(string directory)
    {
        if (!new[] { "initdb", "pg_ctl", "postgres" }.All(name => File.Exists(Path.Combine(directory, name))))
            return null;
        var version = Version().Match(Output(Path.Combine(directory, "postgres"), "--version") ?? "");
        return version.Success ? new PrivatePostgresBinaries(directory, int.Parse(version.Groups[1].Value, CultureInfo.InvariantCulture)) : null;
    }

    private static string? Output(string program, string argument)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, [argument]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? output : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    [GeneratedRegex(@"(\d+)(\.|devel|beta|rc)")]
    private static partial Regex Version();
}
