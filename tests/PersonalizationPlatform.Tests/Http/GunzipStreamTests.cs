using System.IO.Compression;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Tests.Http;

public sealed class GunzipStreamTests
{
    private static readonly byte[] Text = [.. Enumerable.Range(0, 20_000).Select(i => (byte)('a' + (i * 7919 % 1013 % 26)))];

    [Fact]
    public async Task A_whole_body_is_given_however_many_members_it_has_and_however_it_arrives()
    {
        var one = Zip(Text, CompressionLevel.Optimal);
        Assert.Equal(Text, await UnzipAsync(one));
        Assert.Equal(Text, await UnzipAsync(one, chunk: 1));
        byte[] twice = [.. Text, .. Text];
        Assert.Equal(twice, await UnzipAsync([.. one, .. one]));
        Assert.Equal(twice, await UnzipAsync([.. one, .. one], chunk: 3));
    }

    [Theory]
    [InlineData(CompressionLevel.Optimal)]
    [InlineData(CompressionLevel.NoCompression)]
    public async Task A_body_cut_anywhere_is_known_to_be_cut(CompressionLevel level)
    {
        var one = Zip(Text, level);
        // Every place in the header and in the trailer, some between, and in a second member; a cut between members cannot be told.
        foreach (var length in Enumerable.Range(0, 40).Concat(Enumerable.Range(one.Length - 20, 20)).Append(one.Length / 2))
        {
            await Assert.ThrowsAsync<EndOfStreamException>(() => UnzipAsync(one[..length]));
            if (length > 0)
                await Assert.ThrowsAsync<EndOfStreamException>(() => UnzipAsync([.. one, .. one[..length]], chunk: 7));
        }
    }

    [Fact]
    public async Task A_body_cut_behind_a_flush_is_known_to_be_cut()
    {
        using var packed = new MemoryStream();
        await using var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true);
        gzip.Write(Text);
        gzip.Flush();
        await Assert.ThrowsAsync<EndOfStreamException>(() => UnzipAsync(packed.ToArray()));
    }

    [Fact]
    public async Task What_is_damaged_or_no_gzip_is_not_taken_for_cut()
    {
        var damaged = Zip(Text, CompressionLevel.Optimal);
        damaged[^6] ^= 1;
        await Assert.ThrowsAsync<InvalidDataException>(() => UnzipAsync(damaged));
        await Assert.ThrowsAsync<InvalidDataException>(() => UnzipAsync("sku,name\n"u8.ToArray()));
    }

    internal static byte[] Zip(byte[] bytes, CompressionLevel level = CompressionLevel.Fastest)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, level))
            gzip.Write(bytes);
        return packed.ToArray();
    }

    private static async Task<byte[]> UnzipAsync(byte[] packed, int chunk = int.MaxValue)
    {
        await using var stream = new GunzipStream(new Trickle(packed, chunk));
        var all = new List<byte>();
        var buffer = new byte[4096];
        while (await stream.ReadAsync(buffer, TestContext.Current.CancellationToken) is > 0 and var read)
            all.AddRange(buffer[..read]);
        return [.. all];
    }

    /// <summary>Gives its bytes a few at a time, as a network does.</summary>
    private sealed class Trickle(byte[] bytes, int chunk) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, chunk)], cancellationToken);
    }
}
