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

    /// <summary>
    /// Why it cannot be taken, where the door that translated it knows already: a stable code and a sentence without personal data. What
    /// is kept as refused is then <see cref="Xdm"/>.
    /// </summary>
    public (string Code, string Detail)? Refusal { get; init; }

    /// <summary>What names the event when it has no <c>_id</c>: the same again on a retry. Null = its bytes as sent.</summary>
    public string? KeySeed { get; init; }

    /// <summary>
    /// Whom the event is about, its own identity first, where the door knows that better than the event says, from a cookie for instance;
    /// empty = nobody. Null = whom the XDM names.
    /// </summary>
    public IReadOnlyList<Identity>? Identities { get; init; }

    /// <summary>The website of an event that names none.</summary>
    public string? Website { get; init; }

    /// <summary>By how much our clock was ahead of the client's: added to the time as sent, it is the time by ours. Null = the client's clock is believed.</summary>
    public TimeSpan? Correction { get; init; }
}
