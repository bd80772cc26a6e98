using System.Runtime.InteropServices;

namespace PersonalizationPlatform.Hosting;

/// <summary>Ctrl-C or a service manager's wish to stop, from the first moment on: the host itself listens only once it runs.</summary>
internal sealed class Interruption : IDisposable
{
    /// <summary>What shells expect of a program ended by Ctrl-C.</summary>
    public const int ExitCode = 130;

    private readonly CancellationTokenSource source = new();
    private readonly PosixSignalRegistration[] registrations;

    public Interruption() => registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop),
    ];

    public CancellationToken Token => source.Token;

    public void Dispose()
    {
        foreach (var registration in registrations)
            registration.Dispose();
        source.Dispose();
    }

    private void Stop(PosixSignalContext signal)
    {
        signal.Cancel = true;
        source.Cancel();
    }
}
