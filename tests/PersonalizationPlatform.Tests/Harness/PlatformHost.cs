using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace PersonalizationPlatform.Tests.Harness;

/// <summary>
/// The whole service on a database of its own, with a clock that only the test moves. As a class fixture it is shared by
/// the tests of one class; derive from it to set it up differently.
/// </summary>
public class PlatformHost(PlatformServer server) : IAsyncLifetime
{
    public const string AdminKey = "sk_test_admin";
    public const string CollectKey = "pk_test_collect";

    /// <summary>When every test begins.</summary>
    public static readonly DateTimeOffset Start = new(2026, 6, 15, 12, 0, 0, TimeSpan.Zero);

    private readonly List<HttpClient> clients = [];
    private Factory? factory;
    private string? connectionString;
    private string? backOfficeKey;

    public FakeTimeProvider Clock { get; protected init; } = new(Start);

    public string ConnectionString => connectionString ?? throw new InvalidOperationException("The host has not been started.");

    public IServiceProvider Services => factory!.Services;

    /// <summary>The service's own data source.</summary>
    public NpgsqlDataSource Database => Services.GetRequiredService<NpgsqlDataSource>();

    /// <summary>With the secret key that may do everything.</summary>
    public HttpClient Admin => field ??= Client(AdminKey);

    /// <summary>With the public key of a storefront: collect and decide.</summary>
    public HttpClient Browser => field ??= Client(CollectKey);

    /// <summary>With a secret key that may collect, as a shop's back office has.</summary>
    public HttpClient BackOffice => field ??= Client(backOfficeKey);

    /// <summary>Without any key.</summary>
    public HttpClient Anonymous => field ??= Client(null);

    /// <summary>A server that listens on a port instead of a short cut in memory: for what only a real server does.</summary>
    protected virtual bool ListensOnPort => false;

    /// <summary>Where it listens, if it does: by default on a free port of the loopback address.</summary>
    protected virtual void Listen(KestrelServerOptions server) => server.Listen(IPAddress.Loopback, 0);

    /// <summary>What the service takes for the time: the test's clock, unless a test needs the real one.</summary>
    protected virtual TimeProvider Time => Clock;

    /// <summary>Settings beside the usual ones of tests.</summary>
    protected virtual IEnumerable<KeyValuePair<string, string?>> Settings => [];

    /// <summary>Where it works: by default on a database of its own.</summary>
    protected virtual Task<string> TakeDatabaseAsync() => server.CloneAsync();

    protected virtual Task GiveBackDatabaseAsync(string database) => server.DropAsync(database);

    protected virtual void ConfigureServices(IServiceCollection services)
    {
    }

    public virtual async ValueTask InitializeAsync()
    {
        connectionString = await TakeDatabaseAsync();
        factory = new Factory(this);
        if (ListensOnPort)
        {
            factory.UseKestrel(Listen);
            factory.StartServer();
        }

        backOfficeKey = await this.NewKeyAsync("secret", "collect");
    }

    public virtual async ValueTask DisposeAsync()
    {
        clients.ForEach(client => client.Dispose());
        if (factory is not null)
            await factory.DisposeAsync();
        if (connectionString is not null)
            await GiveBackDatabaseAsync(connectionString);
        GC.SuppressFinalize(this);
    }

    /// <summary>A client with some key, or none.</summary>
    public HttpClient Client(string? key)
    {
        var client = factory!.CreateClient(new WebApplicationFactoryClientOptions { BaseAddress = factory.ClientOptions.BaseAddress, AllowAutoRedirect = false });
        if (key is not null)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        clients.Add(client);
        return client;
    }

    private sealed class Factory(PlatformHost host) : WebApplicationFactory<Program>
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            builder.UseEnvironment("Testing");
            Dictionary<string, string?> settings = new()
            {
                // Few connections for each of many hosts, and none left when the host has gone.
                ["ConnectionStrings:Platform"] = host.ConnectionString + ";Minimum Pool Size=0;Connection Idle Lifetime=10;Connection Pruning Interval=5",
                ["Database:MaxPoolSize"] = "16",
                ["Keys:Admin"] = AdminKey,
                ["Keys:Collect"] = CollectKey,
                ["Identity:HashKey"] = "the tests' identity hash key",
                ["Background:Enabled"] = "false",
                ["Demo:Load"] = "false",
                ["Serilog:MinimumLevel:Default"] = "Warning",
                ["Serilog:MinimumLevel:Override:Microsoft.AspNetCore"] = "Error",
                ["Serilog:MinimumLevel:Override:Microsoft.Hosting.Lifetime"] = "Warning",
            };
            foreach (var (name, value) in host.Settings)
                settings[name] = value;
            foreach (var (name, value) in settings)
                builder.UseSetting(name, value);
            builder.ConfigureTestServices(services =>
            {
                services.RemoveAll<TimeProvider>();
                services.AddSingleton(host.Time);
                host.ConfigureServices(services);
            });
        }
    }
}

/// <summary>The same, on a port of the loopback address.</summary>
public class ListeningPlatformHost(PlatformServer server) : PlatformHost(server)
{
    protected override bool ListensOnPort => true;
}

/// <summary>A second node on the database of another host, with the same clock. It needs the other one for as long as it lives.</summary>
public sealed class SecondNode : PlatformHost
{
    private readonly PlatformHost first;

    private SecondNode(PlatformServer server, PlatformHost first)
        : base(server)
    {
        this.first = first;
        Clock = first.Clock;
    }

    public static async Task<SecondNode> StartAsync(PlatformServer server, PlatformHost first)
    {
        var node = new SecondNode(server, first);
        await node.InitializeAsync();
        return node;
    }

    protected override Task<string> TakeDatabaseAsync() => Task.FromResult(first.ConnectionString);

    protected override Task GiveBackDatabaseAsync(string database) => Task.CompletedTask;
}
