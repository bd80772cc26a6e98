using Microsoft.Playwright;
using PersonalizationPlatform.Tests.Browser;

[assembly: AssemblyFixture(typeof(Chromium))]

namespace PersonalizationPlatform.Tests.Browser;

/// <summary>
/// The one Chromium of a test run, the machine's own, started when the first test asks for it. Every visitor gets a context of it, with
/// cookies and storage of their own.
/// </summary>
public sealed class Chromium : IAsyncDisposable
{
    private readonly SemaphoreSlim starting = new(1);
    private IPlaywright? playwright;
    private IBrowser? browser;

    /// <summary>Somebody new in the browser.</summary>
    public async Task<IBrowserContext> NewContextAsync(BrowserNewContextOptions options)
    {
        await starting.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            browser ??= await StartAsync();
        }
        finally
        {
            starting.Release();
        }

        return await browser.NewContextAsync(options);
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
            await browser.DisposeAsync();
        playwright?.Dispose();
        starting.Dispose();
    }

    private async Task<IBrowser> StartAsync()
    {
        playwright = await Playwright.CreateAsync();
        return await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Executable(),
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
                "--disable-sync", "--ignore-certificate-errors-spki-list=" + ThrowAwayCertificate.KeyHash,
            ],
            // Browsers of people keep the pages they leave.
            IgnoreDefaultArgs = ["--disable-back-forward-cache"],
        });
    }

    /// <summary>What <c>CHROMIUM</c> names, else the first one found where systems keep it.</summary>
    private static string Executable()
    {
        var named = Environment.GetEnvironmentVariable("CHROMIUM");
        var places = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .SelectMany(directory => (string[])[Path.Combine(directory, "chromium"), Path.Combine(directory, "chromium-browser"), Path.Combine(directory, "google-chrome")])
            .Append("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome");
        return named is { Length: > 0 } ? named : places.FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException("Chromium or Chrome is needed for the tests of pages. Install it, or name it: CHROMIUM=/path/to/chromium");
    }
}
