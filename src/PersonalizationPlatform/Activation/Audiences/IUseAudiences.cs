using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Activation.Audiences;

/// <summary>A kind of definition that refers to audiences; each capability registers its own.</summary>
public interface IUseAudiences
{
    /// <summary>What refers to the audience and is not archived, by key.</summary>
    Task<IReadOnlyList<AudienceUse>> UsesOfAsync(AudienceId audience, CancellationToken cancellationToken);
}
