using Microsoft.Extensions.Options;
using PersonalizationPlatform.Edge.Datastreams;
using PersonalizationPlatform.Events;
using PersonalizationPlatform.Events.Doors;
using PersonalizationPlatform.Segments.Membership;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Edge;

/// <summary>What became of a request's events.</summary>
/// <param name="MayCollect">False when the shopper does not want them stored; nothing was.</param>
/// <param name="Refused">By their positions in the request.</param>
public sealed record EdgeOutcome(bool MayCollect, IReadOnlyList<Refusal> Refused);

/// <summary>Hands over what Edge clients send: events to the one road, and choices as events that assert consents.</summary>
public sealed class EdgeEvents(EventIntake intake, ShopperReader shoppers, TimeProvider time, IOptions<EdgeOptions> options)
{
    /// <summary>The type of the event that a choice is kept as.</summary>
    public const string ConsentType = "privacy.setConsent";

    private const string Collect = "collect";

    /// <summary>Stores the events, unless the shopper does not want that. Returns after the commit.</summary>
    public async Task<EdgeOutcome> TakeAsync(EdgeRequest request, CancellationToken cancellationToken)
    {
        if (request.Events.Count > 0 && !await MayCollectAsync(request, cancellationToken))
            return new(false, []);
        var answer = await intake.TakeAsync([.. request.Events.Select((e, index) => Arrival(request, e, index))], EventDoor.Storefront, cancellationToken);
        return new(true, answer.Refused);
    }

    /// <summary>Stores events from the shop's servers: what only they may say as theirs, the rest as if the shopper's browser had sent it.</summary>
    public async Task<EdgeOutcome> TakeFromServerAsync(EdgeRequest request, CancellationToken cancellationToken)
    {
        var refused = new List<Refusal>();
        foreach (var door in new[] { EventDoor.BackOffice, EventDoor.Storefront })
        {
            var positions = Enumerable.Range(0, request.Events.Count).Where(i => request.Events[i].NeedsSecretKey == (door == EventDoor.BackOffice)).ToList();
            var answer = await intake.TakeAsync([.. positions.Select(i => FromServer(request, i))], door, cancellationToken);
            refused.AddRange(answer.Refused.Select(refusal => refusal with { Index = positions[refusal.Index] }));
        }

        return new(true, [.. refused.OrderBy(refusal => refusal.Index)]);
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
    public async Task<bool?> CollectConsentAsync(EdgeRequest request, CancellationToken cancellationToken)
    {
        if (request.State.Consent is { } kept)
            return kept;
        if (request.IsNew || !Identity.TryCreate(IdentityNamespace.Ecid, request.Ecid, out var device))
            return null;
        return (await shoppers.ReadAsync([device], cancellationToken)).Consents.TryGetValue(Collect, out var stored) ? stored : null;
    }

    /// <summary>
    /// What the browser says decides; a "no" that only the database knows of is found there when the events are stored. Where nothing
    /// may be stored without a "yes", the database is asked for one.
    /// </summary>
    private async ValueTask<bool> MayCollectAsync(EdgeRequest request, CancellationToken cancellationToken)
    {
        if (request.State.Consent is { } kept)
            return kept;
        return request.Datastream.DefaultConsent == DefaultConsent.In || await CollectConsentAsync(request, cancellationToken) == true;
    }

    /// <summary>A server that names a person has no device: one made up for its request would be signed in on by everybody it names.</summary>
    private Arrival FromServer(EdgeRequest request, int index)
    {
        var arrival = Arrival(request, request.Events[index], index);
        return request.IsNew && (request.Events[index].IdentityMap.Length > 0 || request.Identities.Count > 1)
            ? arrival with { Identities = [.. request.Identities.Where(identity => identity.Namespace != IdentityNamespace.Ecid)] }
            : arrival;
    }

    private Arrival Arrival(EdgeRequest request, EdgeEvent e, int index) => new(e.Xdm)
    {
        KeySeed = request.IsRepeatable ? $"{request.RequestId}/{index}" : null,
        Identities = request.Identities,
        Website = request.Datastream.Website,
        Correct = request.QueueTime is { } waited ? Corrected(time.GetUtcNow() - waited) : null,
    };

    /// <summary>A client that says how long its event has waited tells by that how wrong its clock is.</summary>
    private Func<DateTimeOffset, DateTimeOffset> Corrected(DateTimeOffset happened)
    {
        var tolerance = options.Value.ClockTolerance;
        return sent => (sent - happened).Duration() <= tolerance ? sent : happened;
    }
}
