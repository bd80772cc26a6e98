using System.Diagnostics;

namespace PersonalizationPlatform.Database;

/// <summary>
/// Whom the private server runs as: ourselves, or, when we are root, an unprivileged user, since PostgreSQL refuses to run as
/// root and is right to.
/// </summary>
internal sealed class PrivatePostgresAccount
{
    private readonly string? user;
    private readonly IReadOnlyList<string> prefix;

    private PrivatePostgresAccount(string? user, IReadOnlyList<string> prefix)
    {
        this.user = user;
        this.prefix = prefix;
    }

    /// <summary>The name of the user dropped to; null when we run as ourselves.</summary>
    public string? User => user;

    public static async Task<PrivatePostgresAccount> ChooseAsync(CancellationToken cancellationToken)
    {
        if (!Environment.IsPrivilegedProcess || OperatingSystem.IsWindows())
            return new PrivatePostgresAccount(null, []);
        foreach (var user in new[] { "postgres", "nobody" })
        {
            if ((await ExecuteAsync(["id", "-u", user], "/", cancellationToken)).ExitCode != 0)
                continue;
            string[][] ways =
            [
                ["setpriv", "--reuid=" + user, "--regid=" + (await ExecuteAsync(["id", "-g", user], "/", cancellationToken)).Output.Trim(), "--init-groups", "--"],
                ["runuser", "-u", user, "--"],
                ["su", "-s", "/bin/sh", user, "-c", "exec \"$0\" \"$@\"", "--"],
            ];
            foreach (var way in ways)
            {
                if ((await ExecuteAsync([.. way, "true"], "/", cancellationToken)).ExitCode == 0)
                    return new PrivatePostgresAccount(user, way);
            }
        }

        throw new PrivatePostgresException(
            "PostgreSQL does not run as root, and no way was found to run it as the user postgres or nobody (setpriv, runuser, su). "
            + "Start the program as an ordinary user, or set ConnectionStrings__Platform to a server of your own.");
    }

    /// <summary>Runs a program as this user and waits for it.</summary>
    /// <returns>Its exit code and everything it printed.</returns>
    public Task<(int ExitCode, string Output)> RunAsync(IEnumerable<string> command, string directory, CancellationToken cancellationToken) =>
        ExecuteAsync([.. prefix, .. command], directory, cancellationToken);

    /// <summary>Makes a directory this user's own, closed to others. False when the user cannot get to it.</summary>
    public async Task<bool> TakeAsync(string directory, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(directory);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        if (user is null)
            return true;
        var (exitCode, output) = await ExecuteAsync(["chown", "-R", user + ":", directory], "/", cancellationToken);
        if (exitCode != 0)
            throw new PrivatePostgresException($"{directory} could not be given to the user {user}: {output.Trim()}");
        return (await RunAsync(["test", "-w", directory], "/", cancellationToken)).ExitCode == 0;
    }

    private static async Task<(int ExitCode, string Output)> ExecuteAsync(string[] command, string directory, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = directory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("PG", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        start.Environment["LC_ALL"] = "C";
        try
        {
            using var process = Process.Start(start)!;
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var error = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return (process.ExitCode, await output + await error);
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            return (127, missing.Message);
        }
    }
}
