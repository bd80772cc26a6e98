using System.IO.Compression;

namespace PersonalizationPlatform.Http;

/// <summary>
/// Unpacks a gzip body, of one member or several, and demands its end: one that was cut off, wherever, is an
/// <see cref="EndOfStreamException"/> and never merely a shorter body. What is no gzip, or damaged, is an <see cref="InvalidDataException"/>.
/// </summary>
public sealed class GunzipStream : Stream
{
    private const string StrictValidation = "System.IO.Compression.UseStrictValidation";

    private readonly Watched packed;
    private readonly GZipStream unpacked;

    /// <param name="packed">Stays open.</param>
    public GunzipStream(Stream packed)
    {
        // Without the switch, which the project sets for every host, .NET takes a cut stream for a whole one.
        if (!AppContext.TryGetSwitch(StrictValidation, out var strict) || !strict)
            throw new InvalidOperationException($"The host must set {StrictValidation}: a body that was cut off would count as whole.");
        this.packed = new(packed);
        unpacked = new(this.packed, CompressionMode.Decompress);
    }

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            var read = await unpacked.ReadAsync(buffer, cancellationToken);
            // .NET gives nothing for nothing, but no gzip is that short.
            return read > 0 || buffer.IsEmpty || !packed.IsEmpty ? read : throw Cut(null);
        }
        catch (InvalidDataException e) when (packed.Ended)
        {
            throw Cut(e);
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Bodies are read asynchronously.");
    public override void Flush() => throw new NotSupportedException();
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            unpacked.Dispose();
        base.Dispose(disposing);
    }

    private static EndOfStreamException Cut(Exception? inner) => new("The gzip body ends early.", inner);

    /// <summary>Tells the end of what is packed from a fault in it: both look alike to the decompressor.</summary>
    private sealed class Watched(Stream stream) : Stream
    {
        public bool Ended { get; private set; }
        public bool IsEmpty { get; private set; } = true;

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await stream.ReadAsync(buffer, cancellationToken);
            Ended |= read == 0 && !buffer.IsEmpty;
            IsEmpty &= read == 0;
            return read;
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override void Flush() => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
