namespace PersonalizationPlatform.Access;

/// <summary>Which websites there are: known to a floor above, and asked for by keys, which belong to one.</summary>
public interface IKnowWebsites
{
    /// <summary>The code as its website spells it; null when there is no such website.</summary>
    Task<string?> FindAsync(string code, CancellationToken cancellationToken);
}
