using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Activation.CartRules;

/// <summary>A cart rule as it is kept: what was written, without members that say nothing, and what the service knows of it.</summary>
[ReadOnlyMembers("id", "version", "createdAt", "updatedAt")]
public sealed record CartRuleAnswer : CartRuleRequest
{
    [SetsRequiredMembers]
    private CartRuleAnswer(CartRuleRequest request)
        : base(request)
    {
    }

    [JsonPropertyOrder(-1)]
    public required Guid Id { get; init; }

    /// <summary>Goes up with every change; the ETag.</summary>
    [JsonPropertyOrder(1)]
    public required int Version { get; init; }

    [JsonPropertyOrder(1)]
    public required DateTimeOffset CreatedAt { get; init; }

    [JsonPropertyOrder(1)]
    public required DateTimeOffset UpdatedAt { get; init; }

    internal static CartRuleAnswer Of(CartRuleDefinition rule) => new(CartRuleBody.Read(rule.Body))
    {
        Id = rule.Id,
        Key = rule.Key,
        Status = rule.Status,
        Version = rule.Version,
        Number = rule.Number,
        CreatedAt = rule.CreatedAt,
        UpdatedAt = rule.UpdatedAt,
    };
}
