using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Conditions.Nodes;

/// <summary>Which product lines a condition looks at.</summary>
public enum Over
{
    /// <summary>Those of the event or order being looked at.</summary>
    Items,

    /// <summary>Those of the current cart.</summary>
    Cart,

    /// <summary>Those of the wish list.</summary>
    WishList,
}

/// <summary>Reading, loading and naming of lines.</summary>
internal static class Lines
{
    private static readonly string[] Words = ["items", "cart.items", "wishlist.items"];

    public static string Word(Over over) => Words[(int)over];

    public static IReadOnlyList<LineItem> In(in Scope scope, Over over) => over switch
    {
        Over.Cart => scope.Moment.Cart.Lines,
        Over.WishList => scope.Moment.WishList,
        _ => scope.Lines,
    };

    public static Scope Enter(in Scope scope, Over over, LineItem line) =>
        over == Over.Items ? scope with { Item = line } : new Scope(scope.Moment) { Item = line };

    public static void Require(Needs needs, Over over)
    {
        if (over == Over.Cart)
            needs.Kinds.UnionWith(Cart.Kinds);
        else if (over == Over.WishList)
            needs.Kinds.UnionWith(WishList.Kinds);
    }

    /// <summary>The place inside: the line, and the event or order it is of.</summary>
    public static FieldScope Inside(FieldScope place) =>
        (place & FieldScope.Cart) != 0 ? FieldScope.CartLine : FieldScope.Item | (place & (FieldScope.Event | FieldScope.Order));

    public static Over? Parse(NodeReader node)
    {
        var ofOccurrence = (node.Place & (FieldScope.Event | FieldScope.Order)) != 0;
        if (ofOccurrence)
            return node.Word("over", [Words[0]]) is null && node.Has("over") ? null : Over.Items;
        // A cart rule knows one cart, and no wish list.
        if ((node.Place & FieldScope.Cart) != 0)
            return node.Word("over", [Words[1]]) is null && node.Has("over") ? null : Over.Cart;
        return node.Word("over", Words[1..], required: true) is { } word ? (Over)Array.IndexOf(Words, word) : null;
    }

    public static Dictionary<string, object?> Evidence(LineItem line) => new()
    {
        ["sku"] = line.Sku,
        ["quantity"] = line.Quantity,
        ["total"] = line.Total,
    };

    public static Dictionary<string, object?> Evidence(CheckoutLine line) => new()
    {
        ["sku"] = line.Sku,
        ["quantity"] = line.Quantity,
        ["total"] = line.RowTotal,
    };
}
