using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace PersonalizationPlatform.Tests.Browser;

/// <summary>Somebody who visits pages: a context of the browser with one page open, and what went wrong and over the wire in it.</summary>
public sealed class Visitor : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> errors = [];
    private readonly ConcurrentQueue<IRequest> requests = [];

    private Visitor(IBrowserContext context, IPage page) => (Context, Page) = (context, page);

    public IBrowserContext Context { get; }

    public IPage Page { get; }

    /// <summary>What pages wrote to the console as an error, or threw and nobody caught.</summary>
    public IReadOnlyCollection<string> Errors => errors;

    /// <summary>What pages have requested so far, in order. Beacons of a page that goes away may be missing.</summary>
    public IReadOnlyCollection<IRequest> Requests => requests;

    public static async Task<Visitor> ComeAsync(IBrowserContext context)
    {
        context.SetDefaultTimeout((float)Eventually.Patience.TotalMilliseconds);
        var visitor = new Visitor(context, await context.NewPageAsync());
        context.Request += (_, request) => visitor.requests.Enqueue(request);
        context.Console += (_, message) =>
        {
            if (message.Type == "error")
                visitor.errors.Enqueue(message.Text);
        };
        context.WebError += (_, error) => visitor.errors.Enqueue(error.Error);
        return visitor;
    }

    /// <summary>Goes to a page and waits until it has loaded.</summary>
    public Task GoToAsync(string url) => Page.GotoAsync(url);

    /// <summary>Runs a script in the page; a promise is waited for, but not for ever.</summary>
    public Task<T> RunAsync<T>(string script, object? argument = null) => Page.EvaluateAsync<T>(script, argument).WaitAsync(Eventually.Patience);

    /// <summary>Runs a script in the page; a promise is waited for, but not for ever.</summary>
    public Task RunAsync(string script, object? argument = null) => Page.EvaluateAsync(script, argument).WaitAsync(Eventually.Patience);

    /// <summary>Waits until a script gives something true in the page.</summary>
    public Task UntilAsync(string script) => Page.WaitForFunctionAsync(script);

    /// <summary>The value of a cookie that the page's address gets, or null.</summary>
    public async Task<string?> CookieAsync(string name) => (await CookieWithAttributesAsync(name))?.Value;

    /// <summary>A cookie that the page's address gets, or null.</summary>
    public async Task<BrowserContextCookiesResult?> CookieWithAttributesAsync(string name) =>
        (await Context.CookiesAsync([Page.Url])).FirstOrDefault(cookie => cookie.Name == name);

    public async ValueTask DisposeAsync() => await Context.CloseAsync();
}
