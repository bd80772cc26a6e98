namespace PersonalizationPlatform.Edge;

/// <summary>
/// The script that pages load before Adobe's collector. Without an identity cookie the collector's first call goes to a host of Adobe's
/// that knows nothing of this service; with one, it goes here.
/// </summary>
internal static class IdentityScript
{
    /// <summary>For a browser that has sent its cookie: there is nothing to do.</summary>
    public const string Nothing = "// The identity cookie is there already.\n";

    /// <summary>
    /// Sets the cookie unless the page has one, at the highest domain that takes it, as the collector itself does. Name and value are made
    /// of letters, digits, points, hyphens and underscores.
    /// </summary>
    public static string Setting(EdgeCookie cookie) => $$"""
        (function () {
          var name = "{{cookie.Name}}";
          function isSet() { return ("; " + document.cookie).indexOf("; " + name + "=") >= 0; }
          if (isSet()) return;
          var attributes = "={{cookie.Value}}; path=/; max-age={{cookie.MaxAge}}; " + (location.protocol === "https:" ? "SameSite=None; Secure" : "SameSite=Lax");
          var labels = location.hostname.split(".");
          for (var i = labels.length - 2; i >= 0 && !isSet(); i--)
            document.cookie = name + attributes + "; domain=" + labels.slice(i).join(".");
          if (!isSet()) document.cookie = name + attributes;
        })();

        """;
}
