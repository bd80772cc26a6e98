namespace PersonalizationPlatform.Events.Understanding;

/// <summary>What an event may at most be, at one door and at the instant it was received.</summary>
/// <param name="MaxEventBytes">Bytes of the event's own JSON.</param>
/// <param name="MaxDepth">Objects and arrays inside one another.</param>
/// <param name="NotBefore">The oldest time kept; earlier is <c>time.tooOld</c>.</param>
/// <param name="NotAfter">The latest time believed; later is <c>time.inFuture</c>.</param>
public sealed record UnderstandingLimits(int MaxEventBytes, int MaxDepth, DateTimeOffset NotBefore, DateTimeOffset NotAfter);
