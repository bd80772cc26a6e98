using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Crash;

/// <summary>Every process of one private PostgreSQL: the postmaster and all its children.</summary>
internal static class PostgresProcesses
{
    public const int Kill = 9;
    public const int Continue = 18;
    public const int Stop = 19;

    /// <summary>Sends a signal to whoever works in the data directory; returns how many those are.</summary>
    public static int Signal(string data, int signal)
    {
        var signalled = 0;
        // The postmaster, the oldest, first: it must not get to tidy up after its children.
        foreach (var pid in Directory.GetDirectories("/proc").Select(path => Path.GetFileName(path)).Where(name => name.All(char.IsAsciiDigit)).Select(int.Parse).Order())
        {
            try
            {
                if (File.ResolveLinkTarget($"/proc/{pid}/cwd", returnFinalTarget: false)?.FullName != data)
                    continue;
                RealService.Signal(pid, signal);
                signalled++;
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException or InvalidOperationException)
            {
                // It has ended meanwhile.
            }
        }

        return signalled;
    }
}
