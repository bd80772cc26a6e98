namespace PersonalizationPlatform.Definitions;

/// <summary>Where a definition stands. Only live ones decide anything.</summary>
public enum DefinitionStatus
{
    /// <summary>Held back until it is published.</summary>
    Draft,
    Live,

    /// <summary>Switched off until it is published again.</summary>
    Paused,

    /// <summary>Gone for good; its history stays.</summary>
    Archived,
}
