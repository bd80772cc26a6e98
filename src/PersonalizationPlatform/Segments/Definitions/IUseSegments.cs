using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Segments.Definitions;

/// <summary>
/// A kind of definition that refers to segments. Each capability registers its own, so that this floor can name what stands above it.
/// </summary>
public interface IUseSegments
{
    /// <summary>What refers to the segment and is not archived, by key.</summary>
    Task<IReadOnlyList<SegmentUse>> UsesOfAsync(SegmentId segment, CancellationToken cancellationToken);
}
