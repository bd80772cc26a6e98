namespace PersonalizationPlatform.Edge;

/// <summary>Configuration section <c>Edge</c>: how this service answers clients of Adobe's Edge Network.</summary>
public sealed class EdgeOptions
{
    public const string Section = "Edge";

    /// <summary>Whether a config id that names no datastream is refused. A refusal silences the page it is sent to, so it must be chosen.</summary>
    public bool Strict { get; set; }

    /// <summary>The organisation (<c>…@AdobeOrg</c>) that cookies are named by where neither the request nor its datastream tells.</summary>
    public string? Organization { get; set; }

    /// <summary>How wrong a client's clock may be before its events count by ours.</summary>
    public TimeSpan ClockTolerance { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>The name of this place in the identity cookie and the header <c>x-adobe-edge</c>, whose form clients expect.</summary>
    public string Region { get; set; } = "LOC1";

    /// <summary>The number clients give out as their region.</summary>
    public int RegionId { get; set; } = 7;

    /// <summary>The word that clients may put into the path of later requests. Every word is served alike.</summary>
    public string LocationHint { get; set; } = "or2";

    internal bool IsSane() =>
        (Organization is null || Edge.Organization.IsValid(Organization)) && ClockTolerance >= TimeSpan.Zero
        && IsWord(Region) && IsWord(LocationHint) && RegionId >= 0;

    private static bool IsWord(string text) => text.Length is >= 1 and <= 32 && text.All(char.IsAsciiLetterOrDigit);
}
