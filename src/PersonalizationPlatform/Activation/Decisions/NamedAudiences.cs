using System.Text.Json;
using PersonalizationPlatform.Segments.Definitions;

namespace PersonalizationPlatform.Activation.Decisions;

/// <summary>
/// Audiences that the caller says the shopper is in, beside those the platform knows of: a storefront that asks a customer data platform
/// itself brings them along. They hold for the one request. Whoever uses them decides how far the caller is trusted; a browser can send
/// any header.
/// </summary>
public sealed class NamedAudiences
{
    /// <summary>The header of Adobe Commerce's headless storefronts: a URL-encoded list of audience ids, with commas or as JSON.</summary>
    public const string Header = "aep-segments-membership";

    /// <summary>No audience is named.</summary>
    public static readonly NamedAudiences None = new([]);

    /// <summary>Names read from one request; more are left out.</summary>
    private const int MaxNames = 1_000;

    private readonly HashSet<string> names;

    private NamedAudiences(IEnumerable<string?> names) =>
        this.names = names.Select(name => name?.Trim() ?? "").Where(name => name.Length is > 0 and <= 200).Take(MaxNames).ToHashSet(StringComparer.OrdinalIgnoreCase);

    public bool IsEmpty => names.Count == 0;

    /// <summary>Those named by external id, id or key.</summary>
    public static NamedAudiences Of(IEnumerable<string?>? names) => names is null ? None : new(names);

    /// <summary>These and others.</summary>
    public NamedAudiences And(IEnumerable<string?>? others) => others is null ? this : new([.. names, .. others]);

    /// <summary>Those the request's header names. What cannot be read names nobody.</summary>
    public static NamedAudiences Of(HttpRequest request) =>
        request.Headers.TryGetValue(Header, out var values) ? new(values.SelectMany(value => Read(Uri.UnescapeDataString(value ?? "")))) : None;

    /// <summary>Whether the shopper is said to be in this audience: by its external id, id or key.</summary>
    public bool Contains(AudienceEntry audience) =>
        names.Count > 0 && ((audience.ExternalId is { } external && names.Contains(external)) || names.Contains(audience.Id.ToString()) || names.Contains(audience.Key));

    /// <summary>Whether an audience of which only the external id is known was named.</summary>
    public bool Contains(string externalId) => names.Contains(externalId);

    private static IEnumerable<string?> Read(string text)
    {
        if (text.TrimStart().StartsWith('['))
        {
            try
            {
                using var json = JsonDocument.Parse(text);
                return [.. json.RootElement.EnumerateArray().Where(item => item.ValueKind is JsonValueKind.String or JsonValueKind.Number)
                    .Take(MaxNames).Select(item => item.ValueKind == JsonValueKind.String ? item.GetString() : item.GetRawText())];
            }
            catch (Exception exception) when (exception is JsonException or InvalidOperationException)
            {
                return [];
            }
        }

        return text.Split(',', MaxNames + 1);
    }
}
