using System.Net.Sockets;
using System.Text;
using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Hosting;

/// <summary>Browsers send a request again by themselves when it is answered 408, so slow ones are waited for.</summary>
public sealed class SlowRequestTests(ListeningPlatformHost host) : IClassFixture<ListeningPlatformHost>
{
    /// <summary>The server looks at its time limits once a second.</summary>
    private static readonly TimeSpan SeveralLooks = TimeSpan.FromSeconds(3);

    [Fact]
    public async Task A_request_whose_head_comes_in_two_pieces_is_waited_for()
    {
        var address = host.Anonymous.BaseAddress!;
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port, TestContext.Current.CancellationToken);
        await using var stream = client.GetStream();
        await stream.WriteAsync("GET /health/live HTTP/1.1\r\nHost: localhost\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        var buffer = new byte[1024];
        var answer = stream.ReadAsync(buffer, TestContext.Current.CancellationToken).AsTask();
        await Assert.ThrowsAsync<TimeoutException>(() => answer.WaitAsync(SeveralLooks, TestContext.Current.CancellationToken));

        await stream.WriteAsync("\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        Assert.StartsWith("HTTP/1.1 200", Encoding.ASCII.GetString(buffer, 0, await answer));
    }
}
