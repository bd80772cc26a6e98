using PersonalizationPlatform.Catalog;
using PersonalizationPlatform.Conditions;
using PersonalizationPlatform.Conditions.Nodes;

namespace PersonalizationPlatform.Tests.Activation.RelatedProducts;

/// <summary>Catalogues and conditions as wild as they may come: missing, numeric, listed and misspelt values, and trees of all kinds.</summary>
internal sealed class RandomShop(int seed)
{
    private static readonly string[] Words = ["red", "Red", "blue", "10", "10.0", "9", "-3", "x", "red,blue", "x; 10", "2026-06-15", "2026-06-15 10:00:00", "2026-06-15T10:00:00Z", ""];
    private static readonly string[] Names = ["brand", "colour", "size"];
    private readonly Random dice = new(seed);

    public Random Dice => dice;

    public CatalogSnapshot Catalogue(int products, long change = 1)
    {
        var made = Enumerable.Range(0, products).Select(Product).ToArray();
        return new(change, made, made.ToDictionary(p => p.Sku, p => new[] { p }, StringComparer.OrdinalIgnoreCase), [], CategoryTree.Empty, []);
    }

    public CatalogProduct Product(int number)
    {
        var categories = Some(4).Select(i => "c" + i).ToList();
        return new()
        {
            Sku = "p" + number,
            Number = number,
            Name = dice.Next(4) == 0 ? null : Word() + Word(),
            Price = dice.Next(8) == 0 ? null : dice.Next(2000) / 100m,
            Currency = dice.Next(10) == 0 ? "EUR" : null,
            Categories = categories,
            OwnCategories = [.. categories.Take(2)],
            ContainingCategories = [.. categories.Skip(1)],
            Attributes = Names.Where(_ => dice.Next(4) > 0).Select(name => (name, Value: Value())).Where(pair => pair.Value is not null)
                .ToDictionary(pair => pair.name, pair => pair.Value!, StringComparer.OrdinalIgnoreCase),
            Enabled = dice.Next(10) > 0,
            Visible = dice.Next(10) > 0,
            InStock = dice.Next(10) > 0,
            Websites = dice.Next(5) == 0 ? ["other"] : [],
        };
    }

    public Condition Tree(int depth)
    {
        if (depth > 0 && dice.Next(2) == 0)
            return new Group((Match)dice.Next(4), [.. Enumerable.Range(0, dice.Next(4)).Select(_ => Tree(depth - 1))]);
        var field = FieldCatalogue.Find(dice.Next(6) switch
        {
            0 => "product.sku",
            1 => "product.name",
            2 => "product.price",
            3 => "product.categories",
            _ => "product.attributes." + Names[dice.Next(Names.Length)],
        })!;
        var operators = field.Description.Operators.Where(op => Operators.Of(op).Takes is OperandKind.None or OperandKind.Scalar or OperandKind.ScalarOrList or OperandKind.List).ToList();
        var op = operators[dice.Next(operators.Count)];
        if (dice.Next(3) == 0 && op is not (Operator.Exists or Operator.Missing or Operator.StartsWith or Operator.EndsWith))
        {
            return field.Name switch
            {
                "product.price" when dice.Next(2) == 0 => new CompareWithViewed(field, op, Percent: dice.Next(300)),
                "product.categories" => new CompareWithViewed(field, op, dice.Next(2) == 0),
                _ => new CompareWithViewed(field, op),
            };
        }

        Operand operand = Operators.Of(op).Takes == OperandKind.None ? Operand.Nothing.Value
            : Operators.Of(op).Takes == OperandKind.Scalar || dice.Next(2) == 0 ? new Operand.Values([Wanted(field)], false)
            : new Operand.Values([Wanted(field), Wanted(field)], true);
        return new Compare(field, op, operand);
    }

    private FieldValue Wanted(Field field) => field.Name switch
    {
        "product.price" => new FieldValue.Number(dice.Next(20)),
        "product.categories" => new FieldValue.Text("C" + dice.Next(5)),
        "product.sku" => new FieldValue.Text("P" + dice.Next(40)),
        _ => dice.Next(3) == 0 ? new FieldValue.Number(dice.Next(8, 12)) : new FieldValue.Text(Words[dice.Next(Words.Length - 1)]),
    };

    private FieldValue? Value() => dice.Next(6) switch
    {
        0 => new FieldValue.Number(dice.Next(8, 12)),
        1 => new FieldValue.Truth(dice.Next(2) == 0),
        2 => new FieldValue.Many([.. Some(3).Select(i => new FieldValue.Text(Words[i]))]),
        _ => FieldValues.Of(Word()),
    };

    private string Word() => Words[dice.Next(Words.Length)];

    private IEnumerable<int> Some(int of) => Enumerable.Range(0, of).Where(_ => dice.Next(2) == 0);
}
