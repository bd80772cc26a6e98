using Microsoft.Extensions.Options;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Edge.Datastreams;
using PersonalizationPlatform.Events;
using PersonalizationPlatform.Events.Doors;
using PersonalizationPlatform.Events.Understanding;
using PersonalizationPlatform.Segments.Membership;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Edge;

/// <summary>What became of a request's events.</summary>
/// <param name="MayCollect">False when a shopper does not want them stored; nothing of his was.</param>
/// <param name="Refused">By their positions in the request.</param>
public sealed record EdgeOutcome(bool MayCollect, IReadOnlyList<Refusal> Refused);

/// <summary>Hands over what Edge clients send: events to the one road, and choices as events that assert consents.</summary>
public sealed class EdgeEvents(EventIntake intake, ShopperReader shoppers, TimeProvider time, IOptions<EdgeOptions> options)
{
    /// <summary>The type of the event that a choice is kept as.</summary>
    public const string ConsentType = "privacy.setConsent";

    private const string Collect = "collect";
    private static readonly TimeSpan LongestRead = TimeSpan.FromSeconds(3);

    /// <summary>Stores the events, unless the shopper does not want that. Returns after the commit.</summary>
    public async Task<EdgeOutcome> TakeAsync(EdgeRequest request, CancellationToken cancellationToken)
    {
        if (request.Events.Count > 0 && !await MayCollectAsync(request, Device(request), cancellationToken))
            return new(false, []);
        var answer = await intake.TakeAsync([.. request.Events.Select((e, index) => Arrival(request, e, index))], EventDoor.Storefront, cancellationToken);
        return new(true, answer.Refused);
    }

    /// <summary>Stores events from the shop's servers: what only they may say as theirs, the rest as if the shopper's browser had sent it, if he lets us.</summary>
    public async Task<EdgeOutcome> TakeFromServerAsync(EdgeRequest request, CancellationToken cancellationToken)
    {
        var (own, theirs) = (new List<int>(), new List<int>());
        var mayCollect = true;
        for (var i = 0; i < request.Events.Count; i++)
        {
            if (request.Events[i].NeedsSecretKey)
                own.Add(i);
            else if (await MayCollectAsync(request, request.Events[i].Identities, cancellationToken))
                theirs.Add(i);
            else
                mayCollect = false;
        }

        var refused = new List<Refusal>();
        foreach (var (door, positions) in new[] { (EventDoor.BackOffice, own), (EventDoor.Storefront, theirs) })
        {
            var answer = await intake.TakeAsync([.. positions.Select(i => Arrival(request, request.Events[i], i))], door, cancellationToken);
            refused.AddRange(answer.Refused.Select(refusal => refusal with { Index = positions[refusal.Index] }));
        }

        return new(mayCollect, [.. refused.OrderBy(refusal => refusal.Index)]);
    }

    /// <summary>Keeps a choice with the device. Returns after the commit.</summary>
    public async Task<Refusal?> TakeAsync(EdgeRequest request, ConsentChoice choice, CancellationToken cancellationToken)
    {
        byte[] xdm =
        [
            .. System.Text.Encoding.UTF8.GetBytes($$"""{"eventType":"{{ConsentType}}","identityMap":{"ECID":[{"id":"{{request.Ecid}}","primary":true}]},"consents":"""),
            .. choice.Consents.Span, (byte)'}',
        ];
        var arrival = new Arrival(xdm) { KeySeed = request.IsRepeatable ? request.RequestId + "/consent" : null, Website = request.Datastream.Website };
        return (await intake.TakeAsync([arrival], EventDoor.Storefront, cancellationToken)).Refused.FirstOrDefault();
    }

    /// <summary>Whether the device lets us collect, as far as anybody has said; null when nobody has.</summary>
    public ValueTask<bool?> CollectConsentAsync(EdgeRequest request, CancellationToken cancellationToken) => CollectConsentAsync(request, Device(request), cancellationToken);

    private async ValueTask<bool?> CollectConsentAsync(EdgeRequest request, IReadOnlyList<Identity> shopper, CancellationToken cancellationToken)
    {
        if (request.State.Consent is { } kept)
            return kept;
        if (shopper.Count == 0)
            return null;
        var view = await Deadline.WithinAsync(LongestRead, time, enough => shoppers.ReadAsync(shopper, enough), cancellationToken);
        return view.Consents.TryGetValue(Collect, out var stored) ? stored : null;
    }

    /// <summary>
    /// What the browser says decides; a "no" that only the database knows of is found there when the events are stored. Where nothing
    /// may be stored without a "yes", the database is asked for one.
    /// </summary>
    private async ValueTask<bool> MayCollectAsync(EdgeRequest request, IReadOnlyList<Identity> shopper, CancellationToken cancellationToken) =>
        request.State.Consent ?? (request.Datastream.DefaultConsent == DefaultConsent.In || await CollectConsentAsync(request, shopper, cancellationToken) == true);

    /// <summary>The device that sends a request; nobody where nobody knows it.</summary>
    private static List<Identity> Device(EdgeRequest request) =>
        !request.IsNew && Identity.TryCreate(IdentityNamespace.Ecid, request.Ecid, out var device) ? [device] : [];

    private Arrival Arrival(EdgeRequest request, EdgeEvent e, int index) => new(e.Xdm)
    {
        KeySeed = request.IsRepeatable ? $"{request.RequestId}/{index}" : null,
        Identities = e.Identities,
        Website = request.Datastream.Website,
        Correction = Correction(request, e),
    };

    /// <summary>A client that says how long its event has waited tells by that how wrong its clock is.</summary>
    private TimeSpan? Correction(EdgeRequest request, EdgeEvent e)
    {
        if (request.QueueTime is not { } waited || !WireTime.TryReadInstant(JsonSlices.Text(JsonSlices.At(e.Xdm, "timestamp")) ?? "", out var sent))
            return null;
        var behind = time.GetUtcNow() - waited - sent;
        return behind.Duration() > options.Value.ClockTolerance ? behind : null;
    }
}
