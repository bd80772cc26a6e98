using Microsoft.Extensions.Options;
using PersonalizationPlatform.Edge.Datastreams;
using PersonalizationPlatform.Events.Doors;
using PersonalizationPlatform.Events.Understanding;
using PersonalizationPlatform.Http;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Edge;

/// <summary>Who sends a request, and so whom its events are about.</summary>
public enum EdgeSender
{
    /// <summary>One browser or app. Its device is an identity of every event that names no other.</summary>
    Device,

    /// <summary>A server, about one shopper, who has a device if the request names one, and else only where it names nobody.</summary>
    Server,

    /// <summary>A server, about many: those that each event names.</summary>
    ServerOfMany,
}

/// <summary>A request of an Edge client, read: from where, by whom, and what it says.</summary>
public sealed record EdgeRequest
{
    public required EdgeSender Sender { get; init; }

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

    /// <summary>Whether the device is anybody's. One made up for a request that names its shoppers is not.</summary>
    public bool HasDevice => !IsNew || Events.Count == 0 || Events.Any(e => e.Identities.Any(identity => identity.Namespace == IdentityNamespace.Ecid && identity.Value == Ecid));

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
    private const int MaxNamespaces = 50;
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
    public async Task<EdgeRequest> ReadAsync(HttpContext context, EdgeSender sender, CancellationToken cancellationToken)
    {
        var request = context.Request;
        var sent = await RequestBody.ReadAsync(request, sender == EdgeSender.Device ? limits.Value.MaxBodyBytes : limits.Value.MaxServerBodyBytes, cancellationToken);
        // Who asks by GET has nothing to say.
        var body = sent.Length == 0 && HttpMethods.IsGet(request.Method) ? "{}"u8.ToArray() : JsonSlices.Object(sent);
        var datastream = await datastreams.FindAsync(ConfigIdOf(request), cancellationToken);
        DemandOrigin(request, datastream);
        var state = JsonSlices.At(body, "meta", "state");
        var kept = EdgeState.Read(request, state, datastream.Organization, datastream.FirstPartyIdCookie);
        var events = Events(body);
        var identities = new EdgeIdentities(
            mint, sender, XdmIdentities.InMap(JsonSlices.At(body, "identityMap") is { Length: > 0 } own ? own : JsonSlices.At(body, "xdm", "identityMap"), limits.Value.MaxDepth),
            [.. events.Select(e => XdmIdentities.Named(e.Xdm, limits.Value.MaxDepth))], kept);
        var requestId = RequestIdOf(request);
        var id = requestId ?? Guid.NewGuid().ToString();
        var ecid = identities.KnownEcid ?? mint.ForRequest(datastream.Id, id);
        return new()
        {
            Sender = sender,
            RequestId = id,
            IsRepeatable = requestId is not null,
            Datastream = datastream,
            State = kept,
            Ecid = ecid,
            IsNew = identities.KnownEcid is null,
            Events = [.. events.Select((e, index) => e with { Identities = identities.Of(index, ecid) })],
            AsksForEcid = JsonSlices.Elements(JsonSlices.At(body, "query", "identity", "fetch"), MaxNamespaces)
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
}
