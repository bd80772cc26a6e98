using Microsoft.Extensions.Options;
using PersonalizationPlatform.Edge.Datastreams;
using PersonalizationPlatform.Events.Doors;
using PersonalizationPlatform.Http;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Edge;

/// <summary>A request of an Edge client, read: from where, by whom, and what it says.</summary>
public sealed record EdgeRequest
{
    /// <summary>The client's, which it sends again when it tries again; else one of ours.</summary>
    public required string RequestId { get; init; }

    /// <summary>Whether the client gave it.</summary>
    public required bool IsRepeatable { get; init; }

    public required LiveDatastream Datastream { get; init; }

    public required EdgeState State { get; init; }

    /// <summary>The visitor's device.</summary>
    public required string Ecid { get; init; }

    /// <summary>Whether nobody knew the device before this request.</summary>
    public required bool IsNew { get; init; }

    public required IReadOnlyList<EdgeEvent> Events { get; init; }

    /// <summary>Identities named for the whole request; the device is always one of them.</summary>
    public required IReadOnlyList<Identity> Identities { get; init; }

    /// <summary>Whether the answer has to name the device.</summary>
    public required bool AsksForEcid { get; init; }

    /// <summary>How long an event waited in the client; null where it does not say.</summary>
    public required TimeSpan? QueueTime { get; init; }

    /// <summary>The domain at which the client keeps cookies.</summary>
    public required string? Domain { get; init; }

    /// <summary>The body's <c>consent</c>.</summary>
    public required ReadOnlyMemory<byte> Consent { get; init; }
}

/// <summary>Reads requests of Edge clients, whatever their content type.</summary>
public sealed class EdgeReading(LiveDatastreams datastreams, EcidMint mint, IOptions<CollectionLimits> limits)
{
    private const int MaxIdentities = 50;
    private const int MaxRequestId = 128;

    /// <summary>What clients may say at most.</summary>
    private static readonly TimeSpan LongestQueue = TimeSpan.FromMinutes(5);

    /// <summary>The config id of a request, by either name; null without one.</summary>
    public static string? ConfigIdOf(HttpRequest request) =>
        new[] { "configId", "dataStreamId", "datastreamId" }.Select(name => request.Query[name].ToString()).FirstOrDefault(text => text.Length > 0);

    /// <summary>The client's request id, or null when there is none that could be given back.</summary>
    public static string? RequestIdOf(HttpRequest request)
    {
        var text = request.Query["requestId"].ToString();
        return text.Length is > 0 and <= MaxRequestId && text.AsSpan().IndexOfAnyExceptInRange('!', '~') < 0 ? text : null;
    }

    /// <exception cref="ProblemException">
    /// 400 <c>request.notJson</c>, <c>datastream.unknown</c> (strict mode); 403 <c>datastream.origin</c>; 413; 415; 503 when the database is away.
    /// </exception>
    public async Task<EdgeRequest> ReadAsync(HttpContext context, int maxBytes, CancellationToken cancellationToken)
    {
        var request = context.Request;
        var body = JsonSlices.Object(await RequestBody.ReadAsync(request, maxBytes, cancellationToken));
        var datastream = await datastreams.FindAsync(ConfigIdOf(request), cancellationToken);
        DemandOrigin(request, datastream);
        var state = JsonSlices.At(body, "meta", "state");
        var kept = EdgeState.Read(request, state, datastream.Organization, datastream.FirstPartyIdCookie);
        var events = Events(body);
        var map = JsonSlices.At(body, "identityMap") is { Length: > 0 } own ? own : JsonSlices.At(body, "xdm", "identityMap");
        var identities = Identities(map);
        var requestId = RequestIdOf(request);
        var id = requestId ?? Guid.NewGuid().ToString();
        var known = Ecid(map) ?? events.Select(e => Ecid(e.IdentityMap)).FirstOrDefault(ecid => ecid is not null) ?? kept.Ecid ?? kept.MigratedEcid;
        var device = FirstPartyId(map) ?? events.Select(e => FirstPartyId(e.IdentityMap)).FirstOrDefault(fpid => fpid is not null) ?? kept.FirstPartyId;
        var ecid = known ?? (device is { } named ? mint.ForFirstPartyId(named) : mint.ForRequest(datastream.Id, id));
        if (!identities.Exists(identity => identity.Namespace == IdentityNamespace.Ecid) && Identity.TryCreate(IdentityNamespace.Ecid, ecid, out var visitor))
            identities.Add(visitor);
        return new()
        {
            RequestId = id,
            IsRepeatable = requestId is not null,
            Datastream = datastream,
            State = kept,
            Ecid = ecid,
            IsNew = known is null && device is null,
            Events = events,
            Identities = identities,
            AsksForEcid = JsonSlices.Elements(JsonSlices.At(body, "query", "identity", "fetch"), MaxIdentities)
                .Exists(ns => JsonSlices.Text(ns)?.Equals(IdentityNamespace.Ecid, StringComparison.OrdinalIgnoreCase) == true),
            QueueTime = JsonSlices.Number(JsonSlices.At(body, "meta", "queueTimeMillis")) is { } waited and >= 0 ? TimeSpan.FromMilliseconds(Math.Min(waited, LongestQueue.TotalMilliseconds)) : null,
            Domain = JsonSlices.Text(JsonSlices.At(state, "domain")),
            Consent = JsonSlices.At(body, "consent"),
        };
    }

    /// <summary>403 <c>datastream.origin</c> from a page that the datastream does not name.</summary>
    internal static void DemandOrigin(HttpRequest request, LiveDatastream datastream)
    {
        var origin = request.Headers.Origin.ToString();
        if (origin.Length > 0 && datastream.AllowedOrigins.Count > 0 && !datastream.AllowedOrigins.Contains(origin, StringComparer.OrdinalIgnoreCase))
            throw new ProblemException(403, "datastream.origin", "The datastream does not take requests of pages from this origin.");
    }

    /// <summary>413 <c>batch.tooLarge</c>.</summary>
    private List<EdgeEvent> Events(ReadOnlyMemory<byte> body)
    {
        var most = limits.Value.MaxBatch;
        // The server's form for one event; the browser's and the server's for several.
        List<ReadOnlyMemory<byte>> sent = JsonSlices.At(body, "event") is { Length: > 0 } single ? [single] : JsonSlices.Elements(JsonSlices.At(body, "events"), most + 1);
        return sent.Count <= most ? [.. sent.Select(e => new EdgeEvent(e))] : throw new ProblemException(413, "batch.tooLarge", $"A request takes at most {most} events.");
    }

    private static List<Identity> Identities(ReadOnlyMemory<byte> map) =>
    [
        .. JsonSlices.Members(map, MaxIdentities)
            .SelectMany(ns => JsonSlices.Elements(ns.Value, MaxIdentities).Select(entry => (Usable: Identity.TryCreate(ns.Name, JsonSlices.Text(JsonSlices.At(entry, "id")), out var identity), identity, entry)))
            .Where(entry => entry.Usable)
            .OrderByDescending(entry => JsonSlices.At(entry.entry, "primary").Span.SequenceEqual("true"u8))
            .ThenBy(entry => IdentityNamespace.Priority(entry.identity.Namespace))
            .Select(entry => entry.identity).Take(MaxIdentities),
    ];

    private static string? Ecid(ReadOnlyMemory<byte> map) => Ids(map, IdentityNamespace.Ecid).FirstOrDefault(Edge.Ecid.IsValid);

    private static Guid? FirstPartyId(ReadOnlyMemory<byte> map) =>
        Ids(map, IdentityNamespace.Fpid).Select(EdgeState.FirstPartyIdOf).FirstOrDefault(id => id is not null);

    private static IEnumerable<string?> Ids(ReadOnlyMemory<byte> map, string ns) =>
        JsonSlices.Elements(JsonSlices.At(map, ns), MaxIdentities).Select(entry => JsonSlices.Text(JsonSlices.At(entry, "id")));
}
