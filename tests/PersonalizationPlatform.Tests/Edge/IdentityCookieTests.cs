using System.Buffers.Text;
using System.Text.Json.Nodes;
using PersonalizationPlatform.Edge;
using PersonalizationPlatform.Tests.Events;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Tests.Edge;

public sealed class IdentityCookieTests
{
    private const string Known = "82905100796805013051982538514753172459";

    [Fact]
    public void Every_recorded_cookie_is_read_and_written_again_byte_by_byte()
    {
        var folder = Path.Combine(ContractCase.Root(), "tests", "contracts", "edge");
        var cookies = Directory.EnumerateFiles(folder, "*.json", SearchOption.AllDirectories)
            .SelectMany(file => JsonNode.Parse(File.ReadAllText(file))!["response"]!["json"]!["handle"]!.AsArray())
            .Where(handle => (string)handle!["type"]! == "state:store").SelectMany(handle => handle!["payload"]!.AsArray())
            .Where(cookie => (string)cookie!["key"]! == EdgeShop.IdentityCookie).Select(cookie => (string)cookie!["value"]!).ToList();
        Assert.True(cookies.Count >= 4, $"Only {cookies.Count} cookies were found.");
        foreach (var value in cookies)
        {
            var ecid = IdentityCookie.ReadEcid(value);
            Assert.NotNull(ecid);
            Assert.Equal(value, new IdentityCookie(ecid, CreatedAt(value), true, "LOC1").Write());
        }
    }

    [Fact]
    public void What_is_written_is_read_again_also_padded_or_in_the_other_alphabet()
    {
        var written = new IdentityCookie(Known, DateTimeOffset.UnixEpoch.AddMilliseconds(-1 + (1L << 42)), false, "LOC1").Write();
        Assert.Equal(Known, IdentityCookie.ReadEcid(written));
        Assert.Equal(Known, IdentityCookie.ReadEcid(written + "=="));
        Assert.Equal(Known, IdentityCookie.ReadEcid(written.Replace('-', '+').Replace('_', '/')));
    }

    [Fact]
    public void Fields_of_others_are_skipped()
    {
        byte[] message = [0x09, 1, 2, 3, 4, 5, 6, 7, 8, 0x15, 1, 2, 3, 4, 0x0A, 38, .. System.Text.Encoding.ASCII.GetBytes(Known), 0xA2, 0x01, 2, 0x08, 0x01, 0x18, 0xFF, 0x01];
        Assert.Equal(Known, IdentityCookie.ReadEcid(Base64Url.EncodeToString(message)));
    }

    [Fact]
    public void What_was_cut_off_behind_the_ecid_or_has_bits_to_spare_is_read()
    {
        var written = new IdentityCookie(Known, DateTimeOffset.UnixEpoch.AddYears(56), true, "LOC1").Write();
        // Field 1 takes 40 bytes, which are 53 letters and a bit.
        for (var length = 54; length < written.Length; length++)
            Assert.Equal(Known, IdentityCookie.ReadEcid(written[..length]));
        byte[] message = [0x0A, 38, .. System.Text.Encoding.ASCII.GetBytes(Known)];
        var exact = Base64Url.EncodeToString(message);
        Assert.Equal(54, exact.Length);
        foreach (var letter in "QRSTUVWXYZabcdef")
            Assert.Equal(Known[..^1], IdentityCookie.ReadEcid(exact[..^1] + letter)?[..^1]);
    }

    [Fact]
    public void A_cookie_is_renewed_a_day_after_it_was_written_and_keeps_what_others_put_into_it()
    {
        var written = DateTimeOffset.UnixEpoch.AddYears(56);
        var cookie = new IdentityCookie(Known, written, true, "LOC1").Write();
        Assert.Null(IdentityCookie.Renewed(cookie, written));
        Assert.Null(IdentityCookie.Renewed(cookie, written.AddDays(1)));
        var now = written.AddDays(1).AddMilliseconds(1);
        var renewed = IdentityCookie.Renewed(cookie, now)!;
        Assert.Equal(Known, IdentityCookie.ReadEcid(renewed));
        Assert.Equal(written, CreatedAt(renewed));
        Assert.Equal(cookie.Length, renewed.Length);
        Assert.Null(IdentityCookie.Renewed(renewed, now.AddDays(1)));

        // A field 20 of Adobe's, and no word of when it was written.
        byte[] foreign = [0x0A, 38, .. System.Text.Encoding.ASCII.GetBytes(Known), 0xA2, 0x01, 2, 0x08, 0x01];
        Assert.StartsWith(Base64Url.EncodeToString(foreign)[..^1], IdentityCookie.Renewed(Base64Url.EncodeToString(foreign), now), StringComparison.Ordinal);
        Assert.Null(IdentityCookie.Renewed(cookie[..60], now));
        Assert.Null(IdentityCookie.Renewed("rubbish", now));
    }

    [Theory]
    [InlineData("")]
    [InlineData("%%%")]
    [InlineData("not base64 at all!")]
    [InlineData("CiY4MjkwNTEw")] // The length says more than there is.
    [InlineData("____________________")] // A number without an end.
    [InlineData("Cw")] // A group, which nobody writes any more.
    [InlineData("Cv____8P")] // A length beyond all memory.
    [InlineData("CgI0Mg")] // An ECID of two digits.
    [InlineData("CiYwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMA")] // Zeros alone are nobody.
    public void Rubbish_names_nobody(string value) => Assert.Null(IdentityCookie.ReadEcid(value));

    [Fact]
    public void A_cookie_without_end_is_not_read() => Assert.Null(IdentityCookie.ReadEcid(new string('A', 100_000)));

    [Fact]
    public void An_ecid_is_a_pure_function_of_config_id_and_request_id_under_the_installations_key()
    {
        var mint = new EcidMint(new IdentityHash("one"u8.ToArray()));
        var minted = Enumerable.Range(0, 1000).Select(n => mint.ForRequest("c", $"r-{n}")).ToList();
        Assert.All(minted, ecid => Assert.True(Ecid.IsValid(ecid) && ecid[0] != '0', ecid));
        Assert.Distinct(minted);
        Assert.Equal(minted[7], mint.ForRequest("c", "r-7"));
        Assert.NotEqual(minted[7], mint.ForRequest("d", "r-7"));
        Assert.NotEqual(minted[7], new EcidMint(new IdentityHash("two"u8.ToArray())).ForRequest("c", "r-7"));
    }

    /// <summary>Field 10.1, found without the reader under test: after the 40 bytes of field 1 and two of field 10's head and one of its own.</summary>
    private static DateTimeOffset CreatedAt(string value)
    {
        var bytes = Base64Url.DecodeFromChars(value);
        long at = 0;
        for (var i = 0; ; i++)
        {
            at |= (long)(bytes[43 + i] & 0x7F) << (7 * i);
            if (bytes[43 + i] < 0x80)
                return DateTimeOffset.FromUnixTimeMilliseconds(at);
        }
    }
}
