using System.Text;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Definitions;

/// <summary>The key of a segment, audience or block: lower-case letters, digits and single hyphens, never mistaken for an id.</summary>
public static class DefinitionKey
{
    public const int MaxLength = 100;

    /// <summary>Numbers tried before the id makes a key that nothing else has.</summary>
    private const int MaxNumber = 20;

    /// <summary>
    /// The key given, else one made from the name (<c>Hot bag lovers</c> → <c>hot-bag-lovers</c>). Names need not be unique, and what is
    /// archived keeps its key: one that is made is numbered where it is taken. Problems are added to <paramref name="errors"/>.
    /// </summary>
    /// <param name="given">As a person wrote it, if they did; whether it is free is for the caller to demand.</param>
    /// <param name="name">The definition's name.</param>
    /// <param name="collection">Its collection in addresses: makes the key of a name without any Latin letter, with the id.</param>
    /// <param name="id">The definition's id.</param>
    /// <param name="isTaken">Whether something else has a key.</param>
    /// <param name="errors">What is wrong.</param>
    public static async Task<string> ChooseAsync(
        string? given, string? name, string collection, Guid id, Func<string, Task<bool>> isTaken, List<ProblemError> errors)
    {
        if (given is not null)
        {
            if (!IsValid(given))
                errors.Add(new("$.key", "key.invalid", $"key must be 1 to {MaxLength} lower-case letters, digits and single hyphens, such as hot-bag-lovers, and not look like an id."));
            return given;
        }

        var stem = FromName(name ?? "");
        if (!IsValid(stem))
            return Cut($"{collection}-{id:n}", MaxLength);
        var key = stem;
        for (var number = 2; await isTaken(key); number++)
            key = number <= MaxNumber ? $"{Cut(stem, MaxLength - 3)}-{number}" : $"{Cut(stem, MaxLength - 33)}-{id:n}";
        return key;
    }

    private static string Cut(string key, int length) => key[..Math.Min(key.Length, length)].TrimEnd('-');

    public static bool IsValid(string key)
    {
        if (key.Length is 0 or > MaxLength || key[0] == '-' || key[^1] == '-' || key.Contains("--", StringComparison.Ordinal) || Guid.TryParse(key, out _))
            return false;
        return key.All(letter => letter is '-' or (>= 'a' and <= 'z') or (>= '0' and <= '9'));
    }

    internal static string FromName(string name)
    {
        var key = new StringBuilder();
        // Written out because text normalisation is not there without culture data.
        foreach (var letter in name.ToLowerInvariant())
        {
            var plain = letter switch
            {
                'ä' or 'æ' => "ae",
                'ö' or 'ø' or 'œ' => "oe",
                'ü' => "ue",
                'ß' => "ss",
                'à' or 'á' or 'â' or 'ã' or 'å' => "a",
                'ç' => "c",
                'è' or 'é' or 'ê' or 'ë' => "e",
                'ì' or 'í' or 'î' or 'ï' => "i",
                'ñ' => "n",
                'ò' or 'ó' or 'ô' or 'õ' => "o",
                'ù' or 'ú' or 'û' => "u",
                '\'' or '’' => "",
                >= 'a' and <= 'z' or >= '0' and <= '9' => letter.ToString(),
                _ => "-",
            };
            if (plain != "-" || (key.Length > 0 && key[^1] != '-'))
                key.Append(plain);
        }

        return key.ToString(0, Math.Min(key.Length, MaxLength)).Trim('-');
    }
}
