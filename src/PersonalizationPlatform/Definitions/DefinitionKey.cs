using System.Text;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Definitions;

/// <summary>The key of a segment, audience or block: lower-case letters, digits and single hyphens, never mistaken for an id.</summary>
public static class DefinitionKey
{
    public const int MaxLength = 100;

    /// <summary>The key given, else one made from the name (<c>Hot bag lovers</c> → <c>hot-bag-lovers</c>); problems are added to <paramref name="errors"/>.</summary>
    public static string Choose(string? given, string name, List<ProblemError> errors)
    {
        var key = given ?? FromName(name);
        if (!IsValid(key))
        {
            errors.Add(new("$.key", "key.invalid", given is null
                ? "No key can be made from this name; give one."
                : $"key must be 1 to {MaxLength} lower-case letters, digits and single hyphens, such as hot-bag-lovers, and not look like an id."));
        }

        return key;
    }

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
