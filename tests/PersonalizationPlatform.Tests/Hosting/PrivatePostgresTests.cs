using System.Globalization;
using Npgsql;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Tests.Harness;

[assembly: System.Runtime.Versioning.UnsupportedOSPlatform("windows")]

namespace PersonalizationPlatform.Tests.Hosting;

/// <summary>The server of our own: starts, comes back, has one owner, heals, and never runs as root.</summary>
public sealed class PrivatePostgresTests : IDisposable
{
    private readonly string directory = Path.Combine(Path.GetTempPath(), "personalization-own-" + Guid.NewGuid().ToString("n")[..12]);

    [Fact]
    public async Task What_was_written_is_there_after_a_restart_on_the_same_port()
    {
        string connection;
        await using (var first = await StartAsync())
        {
            connection = first.ConnectionString;
            await ExecuteAsync(connection, "create table kept as select 42 as answer");
        }

        await using var second = await StartAsync();
        Assert.Equal(connection, second.ConnectionString);
        Assert.Equal(42, await ExecuteAsync(connection, "select answer from kept"));
    }

    [Fact]
    public async Task A_second_start_on_the_same_data_is_refused_and_names_the_owner()
    {
        await using var first = await StartAsync();
        var refusal = await Assert.ThrowsAsync<PrivatePostgresException>(StartAsync);
        Assert.Contains($"process {Environment.ProcessId}", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(1, await ExecuteAsync(first.ConnectionString, "select 1"));
    }

    [Fact]
    public async Task A_killed_server_is_started_again_with_what_was_committed()
    {
        await using var postgres = await StartAsync();
        await ExecuteAsync(postgres.ConnectionString, "create table kept as select 42 as answer");
        var killed = postgres.ProcessId!.Value;
        RealService.Signal(killed, 9);
        Assert.True(await postgres.EnsureRunningAsync(TestContext.Current.CancellationToken));
        Assert.NotEqual(killed, postgres.ProcessId);
        Assert.Equal(42, await ExecuteAsync(postgres.ConnectionString, "select answer from kept"));
        Assert.False(await postgres.EnsureRunningAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Stopping_stops_the_server()
    {
        var postgres = await StartAsync();
        var connection = postgres.ConnectionString;
        await postgres.DisposeAsync();
        Assert.Null(postgres.ProcessId);
        await Assert.ThrowsAsync<NpgsqlException>(() => ExecuteAsync(connection, "select 1"));
    }

    [Fact]
    public async Task The_server_never_runs_as_root_and_listens_on_loopback_only_with_a_password()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Reads /proc.");
        await using var postgres = await StartAsync();
        var user = File.ReadLines($"/proc/{postgres.ProcessId}/status").Single(line => line.StartsWith("Uid:", StringComparison.Ordinal)).Split('\t')[1];
        Assert.NotEqual("0", user);
        Assert.Equal("127.0.0.1", await ExecuteAsync(postgres.ConnectionString, "show listen_addresses"));
        Assert.Equal("", await ExecuteAsync(postgres.ConnectionString, "show unix_socket_directories"));
        var wrong = new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { Password = "guessed" }.ConnectionString;
        await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(wrong, "select 1"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(postgres.Home, "password")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(postgres.Home));
    }

    [Fact]
    public async Task Where_the_unprivileged_user_cannot_go_the_data_gets_a_place_elsewhere_that_is_found_again()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess && OperatingSystem.IsLinux(), "Only root has to step down.");
        Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var data = Path.Combine(directory, ".data");
        string home;
        await using (var first = await PrivatePostgres.StartAsync(new PrivatePostgresOptions(data), TestContext.Current.CancellationToken))
        {
            home = first.Home;
            Assert.False(home.StartsWith(directory, StringComparison.Ordinal), home);
            await ExecuteAsync(first.ConnectionString, "create table kept as select 42 as answer");
        }

        try
        {
            await using var second = await PrivatePostgres.StartAsync(new PrivatePostgresOptions(data), TestContext.Current.CancellationToken);
            Assert.Equal(home, second.Home);
            Assert.Equal(42, await ExecuteAsync(second.ConnectionString, "select answer from kept"));
        }
        finally
        {
            Directory.Delete(home, recursive: true);
        }
    }

    [Fact]
    public async Task A_service_that_was_killed_leaves_its_server_to_the_next_one()
    {
        var settings = new Dictionary<string, string?> { ["Data__Directory"] = directory };
        int server;
        await using (var first = await RealService.StartAsync(settings))
        {
            await first.KillAsync();
            server = ServerPid();
            Assert.True(Directory.Exists($"/proc/{server}"), "The server died with the service.");
        }

        await using var second = await RealService.StartAsync(settings);
        Assert.Equal(server, ServerPid());
        await second.Admin.GetJsonAsync("/v1/keys");
        await second.StopAsync();
        Assert.Equal(0, second.ExitCode);
        Assert.False(File.Exists(Path.Combine(directory, "postgres", "data", "postmaster.pid")), "The server was not stopped.");
    }

    [Fact]
    public async Task A_second_service_on_the_same_data_says_who_is_first_and_ends()
    {
        var settings = new Dictionary<string, string?> { ["Data__Directory"] = directory };
        await using var first = await RealService.StartAsync(settings);
        await using var second = RealService.Launch(settings);
        await second.WaitForExitAsync();
        Assert.Equal(1, second.ExitCode);
        Assert.Contains($"process {first.ProcessId}", second.Output, StringComparison.Ordinal);
        await first.Admin.GetJsonAsync("/v1/keys");
    }

    [Fact]
    public async Task A_service_starts_its_killed_server_again()
    {
        await using var service = await RealService.StartAsync(new Dictionary<string, string?> { ["Data__Directory"] = directory });
        var killed = ServerPid();
        RealService.Signal(killed, 9);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (ServerPid() == killed || !(await service.Admin.GetAsync("/health/ready", patience.Token)).IsSuccessStatusCode)
            await Task.Delay(100, patience.Token);
        await service.Admin.GetJsonAsync("/v1/keys");
    }

    [Fact]
    public async Task The_first_start_tells_the_keys_it_made_and_later_ones_do_not()
    {
        var settings = new Dictionary<string, string?> { ["Data__Directory"] = directory, ["Keys__Admin"] = null, ["Keys__Collect"] = null };
        string key;
        await using (var first = await RealService.StartAsync(settings))
        {
            key = System.Text.RegularExpressions.Regex.Match(first.Output, "sk_[0-9A-Za-z]{43}").Value;
            Assert.Matches("pk_[0-9A-Za-z]{43}", first.Output);
            using var admin = first.Client(key);
            await admin.GetJsonAsync("/v1/keys");
            await first.StopAsync();
        }

        await using var second = await RealService.StartAsync(settings);
        using var again = second.Client(key);
        await again.GetJsonAsync("/v1/keys");
        Assert.DoesNotContain("sk_", second.Output, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        if (Directory.Exists(directory))
            Directory.Delete(directory, recursive: true);
    }

    private int ServerPid()
    {
        try
        {
            return int.Parse(File.ReadLines(Path.Combine(directory, "postgres", "data", "postmaster.pid")).First(), CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private Task<PrivatePostgres> StartAsync() => PrivatePostgres.StartAsync(new PrivatePostgresOptions(directory), TestContext.Current.CancellationToken);

    private static async Task<object?> ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }
}
