using System.Net;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Browser;

/// <summary>
/// The whole service as browsers reach it: over TLS at <see cref="FirstParty"/> and <see cref="ThirdParty"/>, on a database of its own,
/// with the real clock, beside a web server for the shop's pages. As a class fixture it is shared by the tests of one class.
/// </summary>
public class BrowserHost(PlatformServer server, Chromium chromium) : PlatformHost(server)
{
    /// <summary>The service as a sub-domain of the shop: its cookies are the shop's.</summary>
    public const string FirstParty = "https://edge.shop.test";

    /// <summary>The service under a name of its own.</summary>
    public const string ThirdParty = "https://api.platform.test";

    /// <summary>Where the shop's pages are.</summary>
    public const string Shop = "https://www.shop.test";

    private LoopbackProxy? proxy;
    private TestSite? site;
    private int port;

    /// <summary>The shop's web server: put pages there before somebody visits them.</summary>
    public TestSite Site => site ?? throw new InvalidOperationException("The host has not been started.");

    protected override bool ListensOnPort => true;

    protected override TimeProvider Time => TimeProvider.System;

    /// <summary>The shop is known to be the pages' origin. Whoever overrides this adds to it.</summary>
    protected override IEnumerable<KeyValuePair<string, string?>> Settings => [new("Cors:Origins", Shop)];

    /// <summary>The names under which pages find the service.</summary>
    protected virtual IReadOnlySet<string> ServiceNames { get; } = new HashSet<string> { new Uri(FirstParty).Host, new Uri(ThirdParty).Host };

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        var addresses = Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        port = addresses.Select(address => new Uri(address)).Single(address => address.Scheme == "https").Port;
        site = await TestSite.StartAsync();
        proxy = new LoopbackProxy(name => ServiceNames.Contains(name) ? port : site.Knows(name) ? site.Port : null);
    }

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (proxy is not null)
            await proxy.DisposeAsync();
        if (site is not null)
            await site.DisposeAsync();
        await base.DisposeAsync();
    }

    /// <summary>Somebody new, with nothing in cookies and storage.</summary>
    /// <param name="adjust">Changes how their browser is, e.g. its user agent or size.</param>
    public async Task<Visitor> VisitorAsync(Action<BrowserNewContextOptions>? adjust = null)
    {
        var options = new BrowserNewContextOptions { Proxy = new Proxy { Server = proxy!.Address } };
        adjust?.Invoke(options);
        return await Visitor.ComeAsync(await chromium.NewContextAsync(options));
    }

    /// <summary>Without TLS as well, for the clients of tests: they take the address that comes last.</summary>
    protected override void Listen(KestrelServerOptions server)
    {
        server.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(ThrowAwayCertificate.Value));
        base.Listen(server);
    }
}
