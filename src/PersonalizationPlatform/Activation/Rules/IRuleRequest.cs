using PersonalizationPlatform.Definitions;

namespace PersonalizationPlatform.Activation.Rules;

/// <summary>The members that every kind of rule has when a person writes it.</summary>
public interface IRuleRequest
{
    string Name { get; }
    string? Key { get; }
    DefinitionStatus? Status { get; }
    string? ExternalId { get; }
    long? Number { get; }
}
