using System.Globalization;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace PersonalizationPlatform.Http;

/// <summary>A definition's version as an entity tag: two people who edit the same thing do not overwrite each other.</summary>
public sealed class EntityVersion
{
    private readonly IReadOnlyList<string>? tags;
    private readonly bool isGiven;

    private EntityVersion(IReadOnlyList<string>? tags, bool isGiven = true) => (this.tags, this.isGiven) = (tags, isGiven);

    /// <summary>What <c>If-Match</c> asks for; 428 <c>http.ifMatchRequired</c> without one, unless <paramref name="optional"/>.</summary>
    public static EntityVersion IfMatch(HttpRequest request, bool optional = false)
    {
        var header = request.Headers.IfMatch;
        if (StringValues.IsNullOrEmpty(header))
        {
            var none = new EntityVersion(null, isGiven: false);
            return optional ? none : none.Required();
        }

        if (!EntityTagHeaderValue.TryParseList(header, out var parsed))
            throw ProblemException.Invalid("http.ifMatch", "If-Match must be * or quoted entity tags such as \"3\".");
        return parsed.Any(tag => tag.Tag == "*") ? new(null) : new([.. parsed.Where(tag => !tag.IsWeak).Select(tag => tag.Tag.ToString())]);
    }

    /// <summary>One version and no other; null = whichever it is at.</summary>
    public static EntityVersion Of(int? version) => new(version is { } only ? [Tag(only)] : null);

    /// <summary>The same; 428 <c>http.ifMatchRequired</c> when the request said nothing of it: for what may be created as well, once it is known to be there.</summary>
    public EntityVersion Required() => isGiven
        ? this
        : throw new ProblemException(428, "http.ifMatchRequired", "Send If-Match with the ETag you have read, or * to overwrite whatever is there.");

    /// <summary>412 <c>http.versionMismatch</c> unless this version was asked for.</summary>
    public void Demand(int version)
    {
        if (tags?.Contains(Tag(version)) == false)
            throw new ProblemException(412, "http.versionMismatch", $"It has changed meanwhile and is at version {version}; read it again.");
    }

    public static void Write(HttpResponse response, int version) => response.Headers.ETag = Tag(version);

    private static string Tag(int version) => "\"" + version.ToString(CultureInfo.InvariantCulture) + "\"";
}
