using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace PersonalizationPlatform.Tests.Browser;

/// <summary>
/// Where names lead in a test: a browser asks it for a tunnel to <c>name:443</c> and gets one to a port of this machine, or none, as if
/// the name did not exist. So nothing a page does leaves the machine, and the TLS between the browser and the server is untouched.
/// </summary>
internal sealed class LoopbackProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource closing = new();
    private readonly ConcurrentDictionary<Task, byte> tunnels = [];
    private readonly Func<string, int?> portOf;
    private readonly Task accepting;

    /// <param name="portOf">The port a name leads to; null for a name that is not there.</param>
    public LoopbackProxy(Func<string, int?> portOf)
    {
        this.portOf = portOf;
        listener.Start();
        accepting = AcceptAsync();
    }

    public string Address => $"http://{listener.LocalEndpoint}";

    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        listener.Stop();
        await accepting;
        await Task.WhenAll(tunnels.Keys);
        closing.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!closing.IsCancellationRequested)
        {
            try
            {
                var tunnel = TunnelAsync(await listener.AcceptTcpClientAsync(closing.Token));
                tunnels[tunnel] = 0;
                _ = tunnel.ContinueWith(done => tunnels.TryRemove(done, out _), TaskScheduler.Default);
            }
            catch (Exception closed) when (closed is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task TunnelAsync(TcpClient browser)
    {
        using var server = new TcpClient();
        using var both = CancellationTokenSource.CreateLinkedTokenSource(closing.Token);
        using (browser)
        {
            try
            {
                browser.NoDelay = server.NoDelay = true;
                var near = browser.GetStream();
                // "CONNECT www.shop.test:443 HTTP/1.1"
                var request = (await HeadAsync(near, both.Token)).Split(' ');
                var port = request is ["CONNECT", var to, ..] && to.EndsWith(":443", StringComparison.Ordinal) ? portOf(to[..^4]) : null;
                await near.WriteAsync(Encoding.ASCII.GetBytes(port is null ? "HTTP/1.1 502 No such name\r\n\r\n" : "HTTP/1.1 200 OK\r\n\r\n"), both.Token);
                if (port is null)
                    return;
                await server.ConnectAsync(IPAddress.Loopback, port.Value, both.Token);
                var far = server.GetStream();
                await Task.WhenAny(near.CopyToAsync(far, both.Token), far.CopyToAsync(near, both.Token));
            }
            catch (Exception gone) when (gone is OperationCanceledException or IOException or SocketException)
            {
                // One of the two has hung up, or the test is over.
            }
            finally
            {
                await both.CancelAsync();
            }
        }
    }

    /// <summary>The first line of a request, after reading to the end of its head and no further.</summary>
    private static async Task<string> HeadAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (head.Length < 16384 && !(head.Length > 3 && head.ToString(head.Length - 4, 4) == "\r\n\r\n") && await stream.ReadAsync(one, cancellationToken) == 1)
            head.Append((char)one[0]);
        return head.ToString().Split('\r')[0];
    }
}
