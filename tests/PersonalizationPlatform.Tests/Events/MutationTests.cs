using System.Text;
using PersonalizationPlatform.Events;
using PersonalizationPlatform.Events.Doors;
using PersonalizationPlatform.Events.Refused;
using PersonalizationPlatform.Events.Understanding;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Tests.Events;

/// <summary>Recorded requests, damaged at random: whatever comes, a door only ever understands, refuses, or names the problem.</summary>
public sealed class MutationTests
{
    private static readonly string[] Scraps =
    [
        "null", "{}", "[]", "\"\"", "1e999", "-0", "\"\\ud800\"", "\"\\u0000\"", "true", "{\"value\":1}", "[{\"id\":[]}]", "\"NaN\"", ",", "\"", "}", "]", "\\", "0",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_damaged_request_never_throws_anything_else(int seed)
    {
        var random = new Random(seed);
        var bodies = ContractCase.All("adobe").Select(c => Encoding.UTF8.GetBytes(c.Request.BodyText)).ToList();
        var (understood, refused, problems) = (0, 0, 0);
        for (var round = 0; round < 3000; round++)
        {
            var body = Damage(bodies[random.Next(bodies.Count)], random);
            try
            {
                foreach (var slice in BatchReader.Split(body, 1000))
                {
                    var door = (EventDoor)random.Next(3);
                    if (XdmEventReader.TryRead(new Arrival(slice), door, Understood.Limits(door), out var ev, out var refusal))
                    {
                        Assert.Equal(slice, ev.Body);
                        understood++;
                        continue;
                    }

                    Assert.Contains('.', refusal.Code);
                    IdentityScan.Of(slice);
                    refused++;
                }
            }
            catch (ProblemException problem)
            {
                Assert.Equal("request.notJson", problem.Code);
                IdentityScan.Of(body);
                problems++;
            }
        }

        Assert.True(understood > 100 && refused > 10 && problems > 100, $"{understood} understood, {refused} refused, {problems} problems: the damage is too even.");
    }

    private static byte[] Damage(byte[] body, Random random)
    {
        for (var times = random.Next(1, 4); times > 0; times--)
        {
            var at = random.Next(body.Length);
            body = random.Next(4) switch
            {
                0 => [.. body[..at], (byte)random.Next(256), .. body[(at + 1)..]],
                1 => [.. body[..at], .. body[Math.Min(body.Length, at + random.Next(1, 20))..]],
                2 => [.. body[..at], .. Encoding.UTF8.GetBytes(Scraps[random.Next(Scraps.Length)]), .. body[at..]],
                _ => ReplaceValue(body, random),
            };
            if (body.Length == 0)
                return "{}"u8.ToArray();
        }

        return body;
    }

    /// <summary>Puts a scrap in the place of a value, so that the JSON often stays JSON.</summary>
    private static byte[] ReplaceValue(byte[] body, Random random)
    {
        var text = Encoding.UTF8.GetString(body);
        var at = text.IndexOf("\":", random.Next(text.Length), StringComparison.Ordinal);
        if (at < 0)
            return body;
        var end = text.IndexOfAny([',', '}', ']'], at);
        return Encoding.UTF8.GetBytes(string.Concat(text.AsSpan(0, at + 2), Scraps[random.Next(Scraps.Length)], end < 0 ? "" : text.AsSpan(end)));
    }
}
