namespace PersonalizationPlatform.Websites;

/// <summary>What depends on the currency of a website is told of a change inside the step that makes it.</summary>
public interface IFollowCurrencies
{
    /// <param name="website">The website's code.</param>
    /// <param name="epoch">What is judged from now on is judged under it.</param>
    Task CurrencyChangedAsync(string website, long epoch, CancellationToken cancellationToken);
}
