using PersonalizationPlatform.Events;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Edge;

/// <summary>What an Edge client is answered. Written in one line, because some clients split it by lines.</summary>
/// <param name="RequestId">The client's.</param>
/// <param name="Handle">Never missing: a client takes an answer without it for an error.</param>
public sealed record EdgeAnswer(string RequestId, IReadOnlyList<EdgeHandle> Handle)
{
    /// <summary>What could not be stored.</summary>
    public IReadOnlyList<EdgeWarning>? Warnings { get; init; }
}

/// <summary>One part of an answer.</summary>
/// <param name="Type">Which the client's components look for.</param>
/// <param name="EventIndex">The event it answers.</param>
public sealed record EdgeHandle(string Type, int? EventIndex, IReadOnlyList<object> Payload)
{
    /// <summary>One destination, because clients join those of several.</summary>
    private const string Destination = "d0000000-0000-4000-8000-000000000001";

    private const int HintSeconds = 1800;

    public static EdgeHandle Identity(string ecid) => new("identity:result", null, [new { id = ecid, @namespace = new { code = IdentityNamespace.Ecid } }]);

    /// <summary>Some clients put the hint into their paths; no cookie binds anybody to it.</summary>
    public static EdgeHandle LocationHint(string hint) => new("locationHint:result", null, [new { scope = "EdgeNetwork", hint, ttlSeconds = HintSeconds }]);

    public static EdgeHandle Store(IReadOnlyList<EdgeCookie> cookies) => new("state:store", null,
        [.. cookies.Select(cookie => new { key = cookie.Name, value = cookie.Value, maxAge = cookie.MaxAge, attrs = new Dictionary<string, string> { ["SameSite"] = "None" } })]);

    public static EdgeHandle Audiences(int eventIndex, IReadOnlyList<string> ids) => new("activation:pull", eventIndex,
        [new { type = "profileLookup", destinationId = Destination, alias = "commerce", segments = ids.Select(id => new { id, @namespace = "ups" }) }]);

    /// <summary>Content is decided elsewhere; clients that ask wait for this.</summary>
    public static EdgeHandle NoDecisions(int eventIndex) => new("personalization:decisions", eventIndex, []);
}

/// <summary>Something that did not work, though the request did.</summary>
/// <param name="Type"><c>urn:problem:</c> and the code of the refusal.</param>
public sealed record EdgeWarning(string Type, int Status, string Title, string Detail, EdgeReport Report)
{
    internal static EdgeWarning Of(Refusal refusal) => new("urn:problem:" + refusal.Code, 422, "The event was not stored", refusal.Detail, new(refusal.Index));
}

/// <summary>What a warning is about.</summary>
public sealed record EdgeReport(int EventIndex);

/// <summary>A cookie for the client to keep.</summary>
/// <param name="MaxAge">Seconds.</param>
public sealed record EdgeCookie(string Name, string Value, int MaxAge)
{
    private const int IdentitySeconds = 395 * 24 * 60 * 60;
    private const int ConsentSeconds = 180 * 24 * 60 * 60;

    public static EdgeCookie Identity(Organization organization, string value) => new(organization.IdentityCookie, value, IdentitySeconds);

    public static EdgeCookie Consent(Organization organization, bool isIn) => new(organization.ConsentCookie, isIn ? "general=in" : "general=out", ConsentSeconds);

    /// <summary>As a header, for hosts on the page's own domain: browsers keep those longer than what a script sets. Not encoded: clients read it as it is.</summary>
    public string ToHeader(string domain) => $"{Name}={Value}; Max-Age={MaxAge}; Path=/; Domain={domain}; SameSite=None; Secure";
}
