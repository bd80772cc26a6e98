using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace PersonalizationPlatform.Database;

// The running server: its settings, its process, and whether it answers.
public sealed partial class PrivatePostgres
{
    private static readonly TimeSpan Recovery = TimeSpan.FromMinutes(5);

    private async Task ConfigureAsync(CancellationToken cancellationToken)
    {
        var port = File.Exists(PortFile) && IsFree(Port) ? Port : FreePort();
        await File.WriteAllTextAsync(PortFile, port.ToString(CultureInfo.InvariantCulture), cancellationToken);
        var buffers = Math.Clamp(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 8 / (1 << 20), 128, 1024);
        var settings = new Dictionary<string, string>
        {
            ["listen_addresses"] = "127.0.0.1",
            ["port"] = port.ToString(CultureInfo.InvariantCulture),
            ["unix_socket_directories"] = "",
            ["max_connections"] = options.MaxConnections.ToString(CultureInfo.InvariantCulture),
            ["shared_buffers"] = $"{buffers}MB",
            ["max_wal_size"] = "1GB",
            ["synchronous_commit"] = "on",
            ["timezone"] = "UTC",
            // Compiling a plan costs more than the short statements of this program ever gain by it.
            ["jit"] = "off",
            // A week of logs, without statements, values or keys: those are personal data.
            ["logging_collector"] = "on",
            ["log_directory"] = Path.Combine(home, "log"),
            ["log_filename"] = "postgresql-%a.log",
            ["log_truncate_on_rotation"] = "on",
            ["log_rotation_size"] = "0",
            ["log_timezone"] = "UTC",
            ["log_error_verbosity"] = "terse",
            ["log_min_error_statement"] = "panic",
        };
        foreach (var (name, value) in options.Settings)
            settings[name] = value;
        await File.WriteAllLinesAsync(
            Path.Combine(Data, "platform.conf"), settings.Select(setting => $"{setting.Key} = '{setting.Value.Replace("'", "''", StringComparison.Ordinal)}'"), cancellationToken);
    }

    /// <summary>Waits until the server answers; after a crash it first reads its log again, which may take a while. False when it dies meanwhile.</summary>
    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        var waiting = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await using var connection = new NpgsqlConnection(Connection("postgres") + ";Pooling=false;Timeout=5");
                await connection.OpenAsync(cancellationToken);
                await using var command = new NpgsqlCommand("show data_directory", connection);
                var directory = (string)(await command.ExecuteScalarAsync(cancellationToken))!;
                if (Path.GetFullPath(directory) == Data || Directory.ResolveLinkTarget(Data, true)?.FullName == directory)
                    return true;
                throw new PrivatePostgresException($"The server on port {Port} serves {directory}, not {Data}.");
            }
            catch (NpgsqlException) when (waiting.Elapsed < Recovery)
            {
                if (RunningPid() is null)
                    return false;
                await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
            }
            catch (NpgsqlException refused)
            {
                throw new PrivatePostgresException($"The private PostgreSQL in {home} does not answer: {refused.Message}\n{LogTail()}");
            }
        }
    }

    /// <summary>The pid the server itself has written down, if that process lives and is a PostgreSQL server.</summary>
    private int? RunningPid()
    {
        var file = Path.Combine(Data, "postmaster.pid");
        string? first;
        try
        {
            first = File.ReadLines(file).FirstOrDefault();
        }
        catch (IOException)
        {
            return null;
        }

        return int.TryParse(first, CultureInfo.InvariantCulture, out var pid) && IsServer(pid) ? pid : null;
    }

    private static bool IsServer(int pid)
    {
        try
        {
            // In a container nobody may collect a killed process: it stays in the table as a zombie.
            if (OperatingSystem.IsLinux())
            {
                var status = File.ReadAllText($"/proc/{pid}/status");
                return status.Split('\n')[0].Contains("postgres", StringComparison.Ordinal) && !status.Contains("\nState:\tZ", StringComparison.Ordinal);
            }

            using var process = Process.GetProcessById(pid);
            return process.ProcessName.StartsWith("postgres", StringComparison.Ordinal);
        }
        catch (Exception gone) when (gone is IOException or ArgumentException or UnauthorizedAccessException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>
    /// A pid file that names a zombie, or after a restart of the machine somebody else's process, would keep the server from
    /// starting for ever. It is removed, but only once no process works in the data directory any more.
    /// </summary>
    private async Task ClearDeadPidFileAsync(CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsLinux() || !File.Exists(Path.Combine(Data, "postmaster.pid")))
            return;
        var waiting = Stopwatch.StartNew();
        while (Directory.GetDirectories("/proc").Any(WorksHere))
        {
            if (waiting.Elapsed > TimeSpan.FromSeconds(30))
                return;
            await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken);
        }

        File.Delete(Path.Combine(Data, "postmaster.pid"));

        bool WorksHere(string process)
        {
            try
            {
                return File.ResolveLinkTarget(Path.Combine(process, "cwd"), returnFinalTarget: false)?.FullName == Data;
            }
            catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
            {
                return false;
            }
        }
    }

    private string LogTail()
    {
        var newest = new DirectoryInfo(Path.Combine(home, "log")).GetFiles().Where(file => file.Length > 0).MaxBy(file => file.LastWriteTimeUtc);
        return newest is null ? "" : string.Join('\n', File.ReadLines(newest.FullName).TakeLast(8));
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
