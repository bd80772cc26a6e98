using PersonalizationPlatform.Activation.DynamicBlocks;
using PersonalizationPlatform.Activation.Templates;
using PersonalizationPlatform.Catalog;
using PersonalizationPlatform.Shoppers;

namespace PersonalizationPlatform.Activation.Decisions;

/// <summary>Reads what a decision on blocks needs beside its ground, and decides.</summary>
public sealed partial class BlockDecisions(
    ShopperFieldsReader fields, LiveCatalog catalogue, ILogger<BlockDecisions> log)
{
    /// <summary>Rotators remembered by one request.</summary>
    private const int MaxRotations = 100;

    /// <param name="ground">The shopper and the definitions.</param>
    /// <param name="request">What was asked; its placements are checked already.</param>
    /// <param name="placements">The placements asked for.</param>
    /// <param name="caller">Who asks: reasons and what is known of the shopper are not told to public keys.</param>
    /// <param name="promotions">Which price rules apply.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async Task<BlockDecisionAnswer> DecideAsync(
        DecisionGround ground, BlockDecisionRequest request, IReadOnlyList<string> placements, DecisionCaller caller, PromotionsApplied promotions,
        CancellationToken cancellationToken)
    {
        var trusted = caller.IsTrusted;
        var (website, at) = (ground.Website, ground.At);
        var standing = new ShopperStanding(ground.Shopper, ground.Segments, caller, request.Shopper, website.Code);
        var decision = new BlockDecision(standing, ground.Live.Blocks, at, website.Code, request.Shopper?.StoreView?.Trim())
        {
            Promotions = promotions,
            Rotations = Rotations(request.Rotation),
            Chance = (ulong)Random.Shared.NextInt64(),
        };
        // Attributes are read only for a block that may show and speaks of them.
        var shopper = trusted && ground.Shopper?.Profile is { } profile && decision.NeedsShopper(placements)
            ? await fields.ReadAsync(profile, at, cancellationToken)
            : null;
        var answer = decision.Decide(placements, trusted, new TemplateModel
        {
            Shopper = shopper,
            Product = request.Product?.Sku is { Length: > 0 and <= 255 } sku ? (await catalogue.CurrentAsync(cancellationToken)).Find(sku) : null,
            Currency = website.Currency,
        });
        foreach (var failure in decision.Failures)
            LogFailure(failure.Block, failure.Reason);
        return answer with { CacheableUntil = ground.Live.KeepsUntil(at, answer.CacheableUntil) };
    }

    private static Dictionary<string, string> Rotations(IReadOnlyDictionary<string, string?>? given)
    {
        var rotations = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (rotator, token) in (given ?? new Dictionary<string, string?>()).Take(MaxRotations))
        {
            if (token is not null)
                rotations[rotator] = token;
        }

        return rotations;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Block {Block} could not be rendered ({Reason}) and was left out")]
    private partial void LogFailure(Guid block, string reason);
}
