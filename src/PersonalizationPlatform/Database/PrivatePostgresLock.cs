using System.Globalization;

namespace PersonalizationPlatform.Database;

/// <summary>
/// Keeps a data directory to one running program. The operating system holds the lock for us and lets it go when we die,
/// however we die, so there is nothing to clean up after a crash.
/// </summary>
internal sealed class PrivatePostgresLock : IDisposable
{
    private readonly FileStream file;

    private PrivatePostgresLock(FileStream file) => this.file = file;

    /// <exception cref="PrivatePostgresException">Another process holds it; the message names its pid.</exception>
    public static PrivatePostgresLock Take(string dataDirectory)
    {
        // The pid stands in a file of its own: the locked one cannot be read by others on every system.
        var holder = Path.Combine(dataDirectory, "service.pid");
        try
        {
            var file = new FileStream(Path.Combine(dataDirectory, "service.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            File.WriteAllText(holder, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            return new PrivatePostgresLock(file);
        }
        catch (IOException)
        {
            var pid = File.Exists(holder) ? File.ReadAllText(holder).Trim() : "unknown";
            throw new PrivatePostgresException(
                $"The data directory {dataDirectory} is in use by a running service (process {pid}). Stop that one first, "
                + "or give this one a directory of its own with Data__Directory.");
        }
    }

    public void Dispose() => file.Dispose();
}
