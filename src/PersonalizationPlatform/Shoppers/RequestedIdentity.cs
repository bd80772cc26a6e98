using PersonalizationPlatform.Http;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Shoppers;

/// <summary>An identity named in a path.</summary>
internal static class RequestedIdentity
{
    /// <summary>400 <c>identity.unusable</c> for values that never identify anybody.</summary>
    internal static Identity Of(string ns, string id) => Identity.TryCreate(ns, id, out var identity)
        ? identity
        : throw ProblemException.Invalid("identity.unusable", "This namespace and id never identify anybody (empty, a placeholder such as \"null\" or zeros, or too long).");
}
