using System.IO.Compression;
using System.Text;
using Microsoft.AspNetCore.Http;
using PersonalizationPlatform.Activation.Audiences;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Tests.Activation;

public sealed class MemberLinesTests
{
    [Fact]
    public async Task Csv_with_a_header_names_namespace_and_id_in_either_order()
    {
        Assert.Equal(["email a@b.c", "CustomerId 7"], await ReadAsync(MemberFormat.Csv, null, "\uFEFFnamespace,id\r\nEmail,A@b.c\r\n\r\nCustomerId,7"));
        Assert.Equal(["CustomerId 7"], await ReadAsync(MemberFormat.Csv, null, "Id,Namespace\n7,customerid\n"));
    }

    [Theory]
    [InlineData("a@b.c\nd@e.f")]
    [InlineData("id\na@b.c\nd@e.f\n")]
    [InlineData("email\na@b.c\nd@e.f\n")]
    public async Task One_column_of_ids_may_have_a_header(string body) =>
        Assert.Equal(["email a@b.c", "email d@e.f"], await ReadAsync(MemberFormat.Csv, "email", body));

    [Fact]
    public async Task Quoted_fields_may_hold_commas_and_doubled_quotes() =>
        Assert.Equal(["crm a,\"b\""], await ReadAsync(MemberFormat.Csv, null, "namespace,id\ncrm,\"a,\"\"b\"\"\"\n"));

    [Fact]
    public async Task Csv_that_does_not_say_what_its_columns_are_is_refused() =>
        Assert.Equal("members.header", (await Assert.ThrowsAsync<ProblemException>(() => ReadAsync(MemberFormat.Csv, null, "a@b.c\n"))).Code);

    [Fact]
    public async Task Bad_lines_are_told_with_their_number_and_the_others_kept()
    {
        var lines = new MemberLines(MemberFormat.Csv, null);
        var read = await ReadAsync(lines, "namespace,id\nemail,\nemail,null\nECID,000000000000000000000000000000000000\nemail\ncrm,\"open\nemail,a@b.c\n" + new string('x', 9000) + "\ncrm,1,2\n");
        Assert.Equal(["email a@b.c"], read);
        Assert.Equal(
            ["2 member.unusable", "3 member.unusable", "4 member.unusable", "5 member.columns", "6 member.malformed", "8 line.tooLong", "9 member.columns"],
            lines.Refused.Select(line => $"{line.Line} {line.Code}"));
    }

    [Fact]
    public async Task Ndjson_lines_name_namespace_and_id_and_nothing_else()
    {
        var lines = new MemberLines(MemberFormat.Ndjson, null);
        var read = await ReadAsync(lines, """
            {"namespace":"email","id":"a@b.c"}
            {"namespace":"CustomerId","id":7}
            {"namespace":"email"}
            {"namespace":"email","id":"a@b.c","note":1}
            ["email"]
            {"namespace":"email","id":"\ud800"}
            """);
        Assert.Equal(["email a@b.c", "CustomerId 7"], read);
        Assert.Equal(["3 member.incomplete", "4 member.unknownMember", "5 member.malformed", "6 member.malformed"], lines.Refused.Select(line => $"{line.Line} {line.Code}"));
    }

    [Fact]
    public async Task Only_the_first_hundred_refused_lines_are_listed_but_all_are_counted()
    {
        var lines = new MemberLines(MemberFormat.Csv, "email");
        await ReadAsync(lines, string.Concat(Enumerable.Repeat("null\n", 250)));
        Assert.Equal(250, lines.RefusedCount);
        Assert.Equal(100, lines.Refused.Count);
    }

    [Fact]
    public async Task A_line_of_any_length_is_skipped_in_bounded_memory()
    {
        var body = new string('x', 5_000_000) + "\na@b.c\n" + new string('y', 5_000_000);
        var lines = new MemberLines(MemberFormat.Csv, "email");
        Assert.Equal(["email a@b.c"], await ReadAsync(lines, body));
        Assert.Equal([1, 3], lines.Refused.Select(line => line.Line));
    }

    [Fact]
    public async Task Gzip_is_unpacked_and_what_is_not_gzip_is_refused()
    {
        var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionMode.Compress, leaveOpen: true))
            gzip.Write("a@b.c\n"u8);
        packed.Position = 0;
        var context = new DefaultHttpContext { Request = { Body = packed, Headers = { ContentEncoding = "gzip" } } };
        Assert.Equal(["email a@b.c"], await ReadAsync(new MemberLines(MemberFormat.Csv, "email"), context.Request));

        context = new DefaultHttpContext { Request = { Body = new MemoryStream("a@b.c\n"u8.ToArray()), Headers = { ContentEncoding = "gzip" } } };
        Assert.Equal("http.gzip", (await Assert.ThrowsAsync<ProblemException>(() => ReadAsync(new MemberLines(MemberFormat.Csv, "email"), context.Request))).Code);
    }

    private static Task<List<string>> ReadAsync(MemberFormat format, string? ns, string body) => ReadAsync(new MemberLines(format, ns), body);

    private static Task<List<string>> ReadAsync(MemberLines lines, string body) =>
        ReadAsync(lines, new DefaultHttpContext { Request = { Body = new MemoryStream(Encoding.UTF8.GetBytes(body)) } }.Request);

    private static async Task<List<string>> ReadAsync(MemberLines lines, HttpRequest request)
    {
        var read = new List<string>();
        await foreach (var line in RequestLines.ReadAsync(request, MemberLines.MaxLength, TestContext.Current.CancellationToken))
        {
            if (lines.Read(line) is { } identity)
                read.Add($"{identity.Namespace} {identity.Value}");
        }

        return read;
    }
}
