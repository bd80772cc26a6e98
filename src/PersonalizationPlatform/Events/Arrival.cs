using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Events;

/// <summary>
/// One event as it reached a door: its XDM, and what the door knows beside it. A door for a foreign wire shape translates that into XDM
/// and says what was really sent.
/// </summary>
/// <param name="Xdm">The event as XDM; must not change afterwards.</param>
public sealed record Arrival(ReadOnlyMemory<byte> Xdm)
{
    /// <summary>What was sent, where that was not XDM: kept as the event's body.</summary>
    public ReadOnlyMemory<byte>? Sent { get; init; }

    /// <summary>What names the event when it has no <c>_id</c>: the same again on a retry. Null = its bytes as sent.</summary>
    public string? KeySeed { get; init; }

    /// <summary>
    /// Identities known from elsewhere, such as a cookie. Each is the event's too unless it names one of that namespace itself; none is
    /// its own while it names any.
    /// </summary>
    public IReadOnlyList<Identity> Identities { get; init; } = [];

    /// <summary>The website of an event that names none.</summary>
    public string? Website { get; init; }

    /// <summary>Turns the time as sent into the time it was by our clock; null = the client's clock is believed.</summary>
    public Func<DateTimeOffset, DateTimeOffset>? Correct { get; init; }
}
