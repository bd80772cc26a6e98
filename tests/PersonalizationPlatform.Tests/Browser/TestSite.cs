using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace PersonalizationPlatform.Tests.Browser;

/// <summary>The shop's own web server, and anybody else's a page talks to: what tests put under an address is served from there.</summary>
public sealed class TestSite : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, RequestDelegate> answers = [];
    private readonly ConcurrentDictionary<string, byte> hosts = [];
    private readonly FileExtensionContentTypeProvider types = new();
    private readonly WebApplication app;

    private TestSite()
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(server => server.Listen(IPAddress.Loopback, 0, port => port.UseHttps(ThrowAwayCertificate.Value)));
        app = builder.Build();
        app.Run(context => answers.TryGetValue(context.Request.Host.Host + context.Request.Path, out var answer) ? answer(context) : NotFoundAsync(context));
    }

    public int Port => new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;

    public static async Task<TestSite> StartAsync()
    {
        var site = new TestSite();
        await site.app.StartAsync();
        return site;
    }

    /// <summary>Whether anything was put under that name; a browser reaches no other.</summary>
    public bool Knows(string host) => hosts.ContainsKey(host);

    /// <summary>Puts a page under an address such as <c>https://www.shop.test/</c>; the query does not matter.</summary>
    public TestSite Page(string url, string html, params (string Name, string Value)[] headers) => Text(url, "text/html; charset=utf-8", html, headers);

    /// <summary>Puts a script under an address.</summary>
    public TestSite Script(string url, string script, params (string Name, string Value)[] headers) => Text(url, "text/javascript; charset=utf-8", script, headers);

    /// <summary>Puts a file of the machine under an address.</summary>
    public TestSite File(string url, string path) => Answer(url, context =>
    {
        context.Response.ContentType = types.TryGetContentType(path, out var type) ? type : "application/octet-stream";
        return context.Response.SendFileAsync(path);
    });

    /// <summary>Has requests to an address answered by code.</summary>
    public TestSite Answer(string url, RequestDelegate answer)
    {
        var address = new Uri(url);
        hosts[address.Host] = 0;
        answers[address.Host + address.AbsolutePath] = answer;
        return this;
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    private TestSite Text(string url, string type, string text, (string Name, string Value)[] headers) => Answer(url, context =>
    {
        context.Response.ContentType = type;
        context.Response.Headers.CacheControl = "no-cache";
        foreach (var (name, value) in headers)
            context.Response.Headers.Append(name, value);
        return context.Response.WriteAsync(text);
    });

    /// <summary>Browsers ask for an icon by themselves, which is nobody's mistake.</summary>
    private static Task NotFoundAsync(HttpContext context)
    {
        context.Response.StatusCode = context.Request.Path == "/favicon.ico" ? StatusCodes.Status204NoContent : StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }
}
