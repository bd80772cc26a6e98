using System.Text.Json.Serialization;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Demo.Storefront;

/// <summary>Who somebody in the demo storefront is, as their browser's signed cookie says. Nothing of it is kept on the server.</summary>
/// <param name="Device">The id of the browser, given out here, under which it sends its events (namespace FPID).</param>
internal sealed record DemoVisitor(Guid Device)
{
    /// <summary>E-mail addresses or orders that one cookie remembers.</summary>
    public const int MaxRemembered = 8;

    /// <summary>The customer signed in, one of the demo's or one's own; null = nobody.</summary>
    public string? CustomerId { get; init; }

    /// <summary>The e-mail address of whoever is signed in.</summary>
    public string? Email { get; init; }

    public string? FirstName { get; init; }

    /// <summary>Addresses that nobody had before this browser named them; their owner is this visitor.</summary>
    public IReadOnlyList<string> OwnEmails { get; init; } = [];

    /// <summary>The accounts opened with them.</summary>
    public IReadOnlyList<string> OwnCustomers { get; init; } = [];

    /// <summary>Numbers of the newest orders placed here.</summary>
    public IReadOnlyList<string> Orders { get; init; } = [];

    [JsonIgnore]
    public Identity DeviceIdentity => Make(IdentityNamespace.Fpid, Device.ToString());

    public static Identity Make(string ns, string id) =>
        Identity.TryCreate(ns, id, out var identity) ? identity : throw new ArgumentException("This names nobody.", nameof(id));
}
