using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace PersonalizationPlatform.Tests.Harness;

/// <summary>The service as a process of its own, as an operator runs it: for what only happens to processes, such as kill -9.</summary>
public sealed partial class RealService : IAsyncDisposable
{
    private readonly Process process;
    private readonly StringBuilder output = new();

    private RealService(Process process, Uri address)
    {
        this.process = process;
        Address = address;
        Admin = Client(PlatformHost.AdminKey);
        Browser = Client(PlatformHost.CollectKey);
    }

    public Uri Address { get; }
    public HttpClient Admin { get; }
    public HttpClient Browser { get; }
    public int ProcessId => process.Id;
    public bool HasExited => process.HasExited;
    public int ExitCode => process.ExitCode;

    /// <summary>Everything it has printed so far.</summary>
    public string Output
    {
        get
        {
            lock (output)
                return output.ToString();
        }
    }

    /// <summary>Starts the service on a free port and returns once it is ready.</summary>
    /// <param name="settings">Environment variables, e.g. <c>Data__Directory</c> or <c>ConnectionStrings__Platform</c>; null takes one away.</param>
    public static async Task<RealService> StartAsync(IReadOnlyDictionary<string, string?> settings, params string[] arguments)
    {
        var service = Launch(settings, arguments);
        var patience = Stopwatch.StartNew();
        while (true)
        {
            if (service.HasExited || patience.Elapsed > TimeSpan.FromMinutes(2))
            {
                var printed = service.Output;
                await service.DisposeAsync();
                throw new InvalidOperationException("The service did not become ready. It printed:\n" + printed);
            }

            try
            {
                using var ready = await service.Admin.GetAsync("/health/ready");
                if (ready.IsSuccessStatusCode)
                    return service;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await Task.Delay(50);
        }
    }

    /// <summary>Starts it and leaves it to itself: for starts that are meant to fail.</summary>
    public static RealService Launch(IReadOnlyDictionary<string, string?> settings, params string[] arguments)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort()}");
        var start = new ProcessStartInfo("dotnet", [typeof(Program).Assembly.Location, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        var environment = new Dictionary<string, string?>
        {
            ["ASPNETCORE_URLS"] = address.ToString(),
            ["Keys__Admin"] = PlatformHost.AdminKey,
            ["Keys__Collect"] = PlatformHost.CollectKey,
            ["Demo__Load"] = "false",
            ["ConnectionStrings__Platform"] = null,
        };
        foreach (var (name, value) in environment.Concat(settings))
            start.Environment[name] = value;
        var service = new RealService(Process.Start(start)!, address);
        service.process.OutputDataReceived += (_, line) => service.Keep(line.Data);
        service.process.ErrorDataReceived += (_, line) => service.Keep(line.Data);
        service.process.BeginOutputReadLine();
        service.process.BeginErrorReadLine();
        return service;
    }

    /// <summary>kill -9: nothing in the process gets to run any more.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>Asks it to stop, as Ctrl-C and service managers do, and waits until it has.</summary>
    public async Task StopAsync()
    {
        if (!process.HasExited)
            Signal(process.Id, 15);
        await process.WaitForExitAsync();
    }

    public async Task WaitForExitAsync() => await process.WaitForExitAsync();

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        try
        {
            if (!process.HasExited)
                Signal(process.Id, 15);
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
        }

        Admin.Dispose();
        Browser.Dispose();
        process.Dispose();
    }

    /// <summary>A client with some key, or none.</summary>
    public HttpClient Client(string? key)
    {
        var client = new HttpClient { BaseAddress = Address };
        if (key is not null)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return client;
    }

    /// <summary>Sends a signal to any process, e.g. 9 to the PostgreSQL server.</summary>
    public static void Signal(int pid, int signal)
    {
        if (Kill(pid, signal) != 0)
            throw new InvalidOperationException($"Process {pid} could not be sent signal {signal}.");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private void Keep(string? line)
    {
        if (line is null)
            return;
        lock (output)
            output.AppendLine(line);
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Kill(int pid, int signal);
}
