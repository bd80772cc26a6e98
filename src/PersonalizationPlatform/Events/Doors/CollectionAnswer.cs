namespace PersonalizationPlatform.Events.Doors;

/// <summary>What became of a batch, told after the commit.</summary>
/// <param name="Accepted">Events stored now: durable, and visible to the shopper's next request.</param>
/// <param name="Duplicates">Events known already (or about somebody erased since); sending again is safe.</param>
/// <param name="Withheld">Events not stored because the shopper opted out of collection.</param>
/// <param name="Refused">Events that cannot be stored as they are, by position; kept apart for the shop to look at.</param>
public sealed record CollectionAnswer(int Accepted, int Duplicates, int Withheld, IReadOnlyList<Refusal> Refused);
