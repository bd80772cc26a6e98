using PersonalizationPlatform.Events.Understanding;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Edge;

/// <summary>
/// Whom the events of one request are about: whom they name themselves, whom the request names for all of them, and the device that sent
/// it. The events are stored with these identities, and the audiences in the answer are those of the same.
/// </summary>
/// <param name="mint">Makes the ECIDs of devices that the shop's own domain has named.</param>
/// <param name="sender">Who sends it.</param>
/// <param name="ofAll">Whom the request names for all its events.</param>
/// <param name="ofEach">Whom each event names itself.</param>
/// <param name="kept">What the device has kept.</param>
internal sealed class EdgeIdentities(EcidMint mint, EdgeSender sender, IReadOnlyList<Identity> ofAll, IReadOnlyList<IReadOnlyList<Identity>> ofEach, EdgeState kept)
{
    /// <summary>The ECID the request names, else the one the device has kept, else the one that the shop's name for the device stands for; null for a new visitor.</summary>
    public string? KnownEcid { get; } = KnownTo(mint, [.. ofAll, .. ofEach.SelectMany(named => named)], kept);

    /// <summary>Those of one event, its own first. Others than its own count only in namespaces that it does not name itself.</summary>
    /// <param name="index">The event's position.</param>
    /// <param name="ecid">The device.</param>
    public IReadOnlyList<Identity> Of(int index, string ecid)
    {
        var about = new List<Identity>();
        var device = sender == EdgeSender.ServerOfMany ? null : ecid;
        Add(about, ofEach[index], device);
        if (sender == EdgeSender.ServerOfMany)
            return about;
        Add(about, ofAll, device);
        // One made up for a server's request would be signed in on by everybody whom its requests name.
        if (sender == EdgeSender.Device || KnownEcid is not null || about.Count == 0)
            Add(about, [Ecid(ecid)], device);
        return [.. about.Take(XdmIdentities.Most)];
    }

    /// <summary>An FPID only stands for a device: the ECID takes its place.</summary>
    private void Add(List<Identity> about, IReadOnlyList<Identity> more, string? device)
    {
        var named = about.Select(identity => identity.Namespace).ToHashSet(StringComparer.Ordinal);
        var namesEcid = more.Any(identity => identity.Namespace == IdentityNamespace.Ecid);
        foreach (var identity in more)
        {
            if (identity.Namespace != IdentityNamespace.Fpid)
            {
                if (!named.Contains(identity.Namespace))
                    about.Add(identity);
            }
            else if (!namesEcid && !named.Contains(IdentityNamespace.Ecid) && FirstPartyIdOf(identity) is { } fpid)
            {
                about.Add(Ecid(device ?? mint.ForFirstPartyId(fpid)));
                named.Add(IdentityNamespace.Ecid);
            }
        }
    }

    private static Identity Ecid(string ecid) =>
        Identity.TryCreate(IdentityNamespace.Ecid, ecid, out var device) ? device : throw new ArgumentException("The device has no ECID.", nameof(ecid));

    private static string? KnownTo(EcidMint mint, List<Identity> named, EdgeState kept)
    {
        var ecid = named.Where(identity => identity.Namespace == IdentityNamespace.Ecid).Select(identity => identity.Value).FirstOrDefault(Edge.Ecid.IsValid);
        if ((ecid ?? kept.Ecid ?? kept.MigratedEcid) is { } known)
            return known;
        var fpid = named.Select(FirstPartyIdOf).FirstOrDefault(id => id is not null) ?? kept.FirstPartyId;
        return fpid is { } device ? mint.ForFirstPartyId(device) : null;
    }

    private static Guid? FirstPartyIdOf(Identity identity) => identity.Namespace == IdentityNamespace.Fpid ? EdgeState.FirstPartyIdOf(identity.Value) : null;
}
