using System.Globalization;
using System.Security.Cryptography;
using Npgsql;

namespace PersonalizationPlatform.Database;

/// <summary>How a private server is set up.</summary>
/// <param name="DataDirectory">Where everything of this installation is kept; the cluster lives in <c>postgres</c> below it.</param>
public sealed record PrivatePostgresOptions(string DataDirectory)
{
    public int MaxConnections { get; init; } = 200;

    /// <summary>Further lines of postgresql.conf, by name.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();
}

/// <summary>The private server cannot run; the message says why and what to do, and is meant for whoever started the program.</summary>
public sealed class PrivatePostgresException(string message) : Exception(message);

/// <summary>
/// A PostgreSQL of our own, run from the machine's programs on the loopback address, for those who have not set up a server.
/// It is started before the service and stopped after it. One data directory has one owner at a time; a server left behind
/// by a crash is taken over, not fought.
/// </summary>
public sealed partial class PrivatePostgres : IAsyncDisposable
{
    private const string Role = "platform";

    private readonly PrivatePostgresOptions options;
    private readonly PrivatePostgresLock ownership;
    private readonly PrivatePostgresAccount account;
    private readonly PrivatePostgresBinaries binaries;
    private readonly string home;
    private readonly string password;

    private PrivatePostgres(
        PrivatePostgresOptions options, PrivatePostgresLock ownership, PrivatePostgresAccount account, PrivatePostgresBinaries binaries, string home, string password)
    {
        this.options = options;
        this.ownership = ownership;
        this.account = account;
        this.binaries = binaries;
        this.home = home;
        this.password = password;
    }

    /// <summary>How to reach the database <c>platform</c> as its owner.</summary>
    public string ConnectionString => Connection("platform");

    /// <summary>Where the cluster is kept. Not always below the data directory: see <c>docs/operating.md</c>.</summary>
    public string Home => home;

    /// <summary>The server's process; null when it is not running.</summary>
    public int? ProcessId => RunningPid();

    private string Data => Path.Combine(home, "data");

    private string PortFile => Path.Combine(home, "port");

    private int Port => int.Parse(File.ReadAllText(PortFile), CultureInfo.InvariantCulture);

    /// <summary>How to reach some database of this server as its owner.</summary>
    public string Connection(string database) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = Port,
        Username = Role,
        Password = password,
        Database = database,
        SslMode = SslMode.Disable,
    }.ConnectionString;

    /// <summary>Makes the cluster where there is none, starts it or takes over the one that still runs, and returns once it answers.</summary>
    /// <exception cref="PrivatePostgresException">No programs, another owner, no unprivileged user, or the server does not come up.</exception>
    public static async Task<PrivatePostgres> StartAsync(PrivatePostgresOptions options, CancellationToken cancellationToken)
    {
        options = options with { DataDirectory = Path.GetFullPath(options.DataDirectory) };
        Directory.CreateDirectory(options.DataDirectory);
        var ownership = PrivatePostgresLock.Take(options.DataDirectory);
        try
        {
            var account = await PrivatePostgresAccount.ChooseAsync(cancellationToken);
            var home = await HomeAsync(options.DataDirectory, account, cancellationToken);
            var written = Path.Combine(home, "data", "PG_VERSION");
            int? major = File.Exists(written) ? int.Parse(File.ReadAllText(written), CultureInfo.InvariantCulture) : null;
            var binaries = PrivatePostgresBinaries.Find(major);
            if (major is null)
                await InitialiseAsync(home, account, binaries, cancellationToken);
            var postgres = new PrivatePostgres(
                options, ownership, account, binaries, home, await File.ReadAllTextAsync(Path.Combine(home, "password"), cancellationToken));
            await postgres.EnsureRunningAsync(cancellationToken);
            await postgres.CreateDatabaseAsync("platform", cancellationToken);
            return postgres;
        }
        catch
        {
            ownership.Dispose();
            throw;
        }
    }

    /// <summary>Starts the server if it is not running, and returns once it answers. Returns whether it had to be started.</summary>
    public async Task<bool> EnsureRunningAsync(CancellationToken cancellationToken)
    {
        if (RunningPid() is not null && await AnswersAsync(cancellationToken))
            return false;
        await ClearDeadPidFileAsync(cancellationToken);
        var output = "";
        for (var attempt = 0; attempt < 3; attempt++)
        {
            await ConfigureAsync(cancellationToken);
            (var exitCode, output) = await account.RunAsync(
                [binaries.Program("pg_ctl"), "start", "-w", "-t", "300", "-s", "-D", Data, "-l", Path.Combine(home, "log", "start.log")], home, cancellationToken);
            if (exitCode == 0 && await AnswersAsync(cancellationToken))
                return true;

            // After a crash the last backends may hold the shared memory for a moment; and somebody may have taken the port meanwhile.
            await Task.Delay(TimeSpan.FromMilliseconds(500), cancellationToken);
        }

        throw new PrivatePostgresException($"The private PostgreSQL did not start. {output.Trim()}\n{LogTail()}");
    }

    /// <summary>Stops the server (open sessions are ended, everything is written) and gives up the data directory.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            if (RunningPid() is not null)
                await account.RunAsync([binaries.Program("pg_ctl"), "stop", "-w", "-t", "60", "-s", "-m", "fast", "-D", Data], home, CancellationToken.None);
        }
        finally
        {
            ownership.Dispose();
        }
    }

    /// <summary>
    /// The cluster's place. Root's own directories are often closed to everybody else, so that the server could not reach
    /// its data there; then it gets a place in /var/lib, and a file in the data directory says which. The name is random
    /// rather than made from the path: whoever deletes a data directory and starts again expects an empty database.
    /// </summary>
    private static async Task<string> HomeAsync(string dataDirectory, PrivatePostgresAccount account, CancellationToken cancellationToken)
    {
        var pointer = Path.Combine(dataDirectory, "postgres.location");
        if (File.Exists(pointer))
        {
            var place = (await File.ReadAllTextAsync(pointer, cancellationToken)).Trim();
            if (!Directory.Exists(place))
                throw new PrivatePostgresException($"{pointer} says that the data is in {place}, which does not exist. Restore it, or delete that file to begin with an empty database.");
            return await account.TakeAsync(place, cancellationToken)
                ? place : throw new PrivatePostgresException($"The user {account.User}, as whom PostgreSQL runs, cannot get to {place}.");
        }

        var usual = Path.Combine(dataDirectory, "postgres");
        if (await account.TakeAsync(usual, cancellationToken))
            return usual;
        if (Directory.EnumerateFileSystemEntries(usual).Any())
            throw new PrivatePostgresException($"The user {account.User}, as whom PostgreSQL runs, cannot get to {usual}: a directory above it is closed to others.");
        Directory.Delete(usual);
        var elsewhere = Path.Combine("/var/lib/personalization-platform", Guid.NewGuid().ToString("n"));
        if (!await account.TakeAsync(elsewhere, cancellationToken))
            throw new PrivatePostgresException(
                $"The user {account.User}, as whom PostgreSQL runs, can get neither to {usual} nor to {elsewhere}. "
                + "Set Data__Directory to a directory that other users may enter.");
        await File.WriteAllTextAsync(pointer, elsewhere + "\n", cancellationToken);
        return elsewhere;
    }

    private async Task CreateDatabaseAsync(string name, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(Connection("postgres") + ";Pooling=false");
        await connection.OpenAsync(cancellationToken);
        await using var exists = new NpgsqlCommand("select 1 from pg_database where datname = $1", connection) { Parameters = { new() { Value = name } } };
        if (await exists.ExecuteScalarAsync(cancellationToken) is not null)
            return;
        await using var create = new NpgsqlCommand($"create database {name}", connection);
        await create.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task InitialiseAsync(string home, PrivatePostgresAccount account, PrivatePostgresBinaries binaries, CancellationToken cancellationToken)
    {
        // Made beside its place and moved there when complete, so that an interrupted first start leaves nothing half done.
        var fresh = Path.Combine(home, "data.new");
        if (Directory.Exists(fresh))
            Directory.Delete(fresh, recursive: true);
        Directory.CreateDirectory(Path.Combine(home, "log"));
        var passwordFile = Path.Combine(home, "password");
        // Closed before there is anything in it to see.
        await File.WriteAllTextAsync(passwordFile, "", cancellationToken);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(passwordFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await File.WriteAllTextAsync(passwordFile, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24)), cancellationToken);
        await account.TakeAsync(home, cancellationToken);
        var (exitCode, output) = await account.RunAsync(
            [
                binaries.Program("initdb"), "-D", fresh, "-U", Role, "--pwfile", passwordFile, "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--data-checksums",
            ],
            home, cancellationToken);
        if (exitCode != 0)
            throw new PrivatePostgresException($"The private PostgreSQL could not be set up in {home}: {output.Trim()}");
        await File.AppendAllTextAsync(Path.Combine(fresh, "postgresql.conf"), "\n# Written anew at every start of the service.\ninclude_if_exists = 'platform.conf'\n", cancellationToken);
        Directory.Move(fresh, Path.Combine(home, "data"));
    }
}
