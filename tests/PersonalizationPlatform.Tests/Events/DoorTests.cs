using System.IO.Compression;
using System.Text;
using Microsoft.AspNetCore.Http;
using PersonalizationPlatform.Events.Doors;
using PersonalizationPlatform.Events.Refused;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Tests.Events;

public sealed class DoorTests
{
    [Theory]
    [InlineData("""{"a":1}""", """{"a":1}""")]
    [InlineData(""" {"xdm": {"a":1} , "data":{}} """, """{"a":1}""")]
    [InlineData("""[{"a":1}, {"xdm":{"b":2},"query":{}},3]""", """{"a":1}|{"b":2}|3""")]
    [InlineData("""{"events":[{"xdm":{"a":1}},{"b":{"events":[]}}],"meta":{"xdm":1}}""", """{"a":1}|{"b":{"events":[]}}""")]
    [InlineData("""{"xdm":{"identityMap":{}},"events":[{"xdm":{"a":1}}]}""", """{"a":1}""")]
    [InlineData("""{"records":[{"id":1},{"id":2}]}""", """{"id":1}|{"id":2}""")]
    [InlineData("""{"events":"none","xdm":7}""", """{"events":"none","xdm":7}""")]
    [InlineData("""{"event":{"xdm":{"a":1},"data":{}},"query":{}}""", """{"a":1}""")]
    [InlineData("""{"header":{"schemaRef":{}},"body":{"xdmMeta":{},"xdmEntity":{"a":1}}}""", """{"a":1}""")]
    [InlineData("""{"messages":[{"header":{},"body":{"xdmEntity":{"a":1}}},{"body":7},{"body":{"xdmEntity":{"b":2}}}]}""", """{"a":1}|{"body":7}|{"b":2}""")]
    [InlineData("""[{"event":{"xdm":{"a":1}}},{"body":{"xdmEntity":{"b":2}}}]""", """{"a":1}|{"b":2}""")]
    [InlineData("""{"eventType":"chat","messages":[{"text":"hi"}]}""", """{"eventType":"chat","messages":[{"text":"hi"}]}""")]
    [InlineData("""{"eventType":"chat","event":{"a":1},"body":"x"}""", """{"eventType":"chat","event":{"a":1},"body":"x"}""")]
    [InlineData("""{"orders":[{"a":1}],"feed":[]}""", """{"orders":[{"a":1}],"feed":[]}""")]
    [InlineData("""[[1,[2]],null,"x"]""", """[1,[2]]|null|"x" """)]
    [InlineData("42", "42")]
    [InlineData("\uFEFF{}", "{}")]
    [InlineData("[]", "")]
    [InlineData("""{"events":[]}""", "")]
    public void A_body_is_split_into_its_events(string body, string events) =>
        Assert.Equal(events.Split('|', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries), Split(body));

    [Theory]
    [InlineData("""{"xdm":{"a":1},"messages":[{"body":{"xdmEntity":{"b":2}}}]}""", """{"xdm":{"a":1},"messages":[{"body":{"xdmEntity":{"b":2}}}]}""")]
    [InlineData("""{"orders":[{"a":1},{"xdm":{"b":2}}]}""", """{"a":1}|{"xdm":{"b":2}}""")]
    [InlineData("""{"recentTimestamp":"x","feed":[{"a":1}]}""", """{"a":1}""")]
    [InlineData("""[{"a":1}]""", """{"a":1}""")]
    [InlineData("""{"events":[{"a":1}]}""", """{"events":[{"a":1}]}""")]
    public void A_body_of_orders_is_split_into_its_records(string body, string records) =>
        Assert.Equal(records.Split('|'), BatchReader.Split(Encoding.UTF8.GetBytes(body), 1000, BatchShape.Orders).Select(e => Encoding.UTF8.GetString(e.Span)));

    [Fact]
    public void A_chat_of_any_length_is_one_event() =>
        Assert.Single(BatchReader.Split(Encoding.UTF8.GetBytes($$"""{"messages":[{{string.Join(',', Enumerable.Repeat("{}", 50))}}]}"""), 10));

    [Theory]
    [InlineData("", 1)]
    [InlineData("hello", 1)]
    [InlineData("{\"a\":1} {\"b\":2}", 9)]
    [InlineData("[{\"a\":1},", 9)]
    [InlineData("{\"events\":[{\"xdm\":{}}", 22)]
    public void What_is_not_json_is_refused_as_a_whole_with_its_position(string body, int at)
    {
        var problem = Assert.Throws<ProblemException>(() => Split(body));
        Assert.Equal((400, "request.notJson"), (problem.Status, problem.Code));
        Assert.Contains($"byte {at}.", problem.Message);
    }

    [Fact]
    public void A_batch_has_a_limit()
    {
        Assert.Equal(3, BatchReader.Split("[1,2,3]"u8.ToArray(), 3).Count);
        var problem = Assert.Throws<ProblemException>(() => BatchReader.Split("[1,2,3,4]"u8.ToArray(), 3));
        Assert.Equal((413, "batch.tooLarge"), (problem.Status, problem.Code));
    }

    [Fact]
    public void Depth_of_one_event_does_not_spoil_the_batch()
    {
        var events = Split($$"""[{"a":1},{{new string('[', 100_000)}}{{new string(']', 100_000)}},{"b":2}]""");
        Assert.Equal(3, events.Length);
        Assert.Equal("""{"b":2}""", events[2]);
    }

    [Fact]
    public async Task A_body_is_read_to_its_limit_and_no_further()
    {
        var exact = new string('x', 70_000);
        Assert.Equal(exact, await Body(Encoding.UTF8.GetBytes(exact), null, 70_000));
        var problem = await Assert.ThrowsAsync<ProblemException>(() => Body(Encoding.UTF8.GetBytes(exact + "x"), null, 70_000));
        Assert.Equal((413, "body.tooLarge"), (problem.Status, problem.Code));
    }

    [Fact]
    public async Task A_gzip_body_is_measured_unzipped()
    {
        Assert.Equal("""{"a":1}""", await Body(Gzip("""{"a":1}"""), "gzip", 1000));
        var bomb = await Assert.ThrowsAsync<ProblemException>(() => Body(Gzip(new string('x', 5_000_000)), "gzip", 1_000_000));
        Assert.Equal((413, "body.tooLarge"), (bomb.Status, bomb.Code));
        var lie = await Assert.ThrowsAsync<ProblemException>(() => Body("{}"u8.ToArray(), "gzip", 1000));
        Assert.Equal((400, "request.notGzip"), (lie.Status, lie.Code));
        var other = await Assert.ThrowsAsync<ProblemException>(() => Body("{}"u8.ToArray(), "br", 1000));
        Assert.Equal((415, "request.encodingUnsupported"), (other.Status, other.Code));
    }

    [Fact]
    public void A_refused_body_is_searched_for_everybody_it_may_be_about()
    {
        var deep = new string('[', 200) + "\"deep@example.com\"" + new string(']', 200);
        var found = IdentityScan.Of(Encoding.UTF8.GetBytes($$"""
            {"identityMap":{"ECID":[{"id":"7"}],"loyalty":["L1"]},"person":{"accountID":42},"personalEmail":{"address":"Jane@example.com"},"note":"a @ b",
             "x":{{deep}},"cookie":"82905100796805013051982538514753172459", broken
            """));
        Assert.Equal(["CustomerId:42", "ECID:7", "ECID:82905100796805013051982538514753172459", "email:deep@example.com", "email:jane@example.com", "loyalty:L1"],
            found.Names().Order(StringComparer.Ordinal));
    }

    private static string[] Split(string body) => [.. BatchReader.Split(Encoding.UTF8.GetBytes(body), 1000).Select(e => Encoding.UTF8.GetString(e.Span))];

    private static async Task<string> Body(byte[] bytes, string? encoding, int limit)
    {
        var context = new DefaultHttpContext();
        context.Request.Body = new MemoryStream(bytes);
        context.Request.Headers.ContentEncoding = encoding;
        return Encoding.UTF8.GetString((await RequestBody.ReadAsync(context.Request, limit, TestContext.Current.CancellationToken)).Span);
    }

    private static byte[] Gzip(string text)
    {
        using var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionLevel.Fastest))
            gzip.Write(Encoding.UTF8.GetBytes(text));
        return zipped.ToArray();
    }
}
