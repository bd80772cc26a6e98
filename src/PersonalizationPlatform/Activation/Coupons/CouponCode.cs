using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Activation.Coupons;

/// <summary>A coupon's code: what a shopper types. Upper and lower case are the same code; blanks around it do not count.</summary>
public static class CouponCode
{
    public const int MaxLength = 255;

    /// <summary>What codes are compared by.</summary>
    public static string Key(string code) => code.Trim().ToUpperInvariant();

    /// <summary>Whether the text can be a code: 1 to 255 characters, none of them a control character.</summary>
    public static bool IsValid(string? code) => code is not null && code.Trim() is { Length: > 0 and <= MaxLength } text && !text.Any(char.IsControl);

    /// <summary><c>coupon.code</c> for every text that cannot be a code, <c>coupon.codeTwice</c> for every repeat.</summary>
    /// <param name="path">Where the list stands, e.g. <c>$.couponCodes</c>.</param>
    public static void Check(IReadOnlyList<string?> codes, string path, List<ProblemError> errors)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < codes.Count; i++)
        {
            if (!IsValid(codes[i]))
                errors.Add(new($"{path}[{i}]", "coupon.code", $"A code has 1 to {MaxLength} characters, none of them a control character."));
            else if (!seen.Add(Key(codes[i]!)))
                errors.Add(new($"{path}[{i}]", "coupon.codeTwice", "The same code stands here already; upper and lower case are alike."));
        }
    }
}
