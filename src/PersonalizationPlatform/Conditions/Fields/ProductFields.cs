namespace PersonalizationPlatform.Conditions.Fields;

/// <summary>One product of the catalogue: a catalogue rule's, or a candidate for a list of related products.</summary>
internal static class ProductFields
{
    private const FieldScope Places = FieldScope.Product | FieldScope.Candidate;

    public static readonly IReadOnlyList<FieldDescription> All =
    [
        Of("product.sku", FieldType.Text, "SKU.", "WJ06", p => FieldValues.Of(p.Sku)),
        Of("product.name", FieldType.Text, "Name.", "jacket", p => FieldValues.Of(p.Name)),
        Of("product.type", FieldType.Text, "simple, configurable, bundle, grouped, virtual or downloadable.", "configurable", p => FieldValues.Of(p.Type)),
        Of("product.price", FieldType.Amount, "Regular price.", "62", p => FieldValues.Of(p.Price)),
        new()
        {
            Name = "product.categories",
            Type = FieldType.TextList,
            UsableIn = Places,
            Lists = ListMeaning.Overlap,
            Description = "Ids, names and path parts of its categories and of all that contain them. Positive operators mean at least one in common.",
            Example = "bags",
            Read = static (in Scope scope, string _) => scope.Product is { } product ? FieldValues.Of(product.Categories) : null,
        },
        new()
        {
            Name = "product.attributes.<name>",
            Type = FieldType.Any,
            UsableIn = Places,
            Description = "An attribute of the product by name, in any case.",
            Example = "Green",
            Read = static (in Scope scope, string name) => scope.Product is { } product ? ItemFields.Named(product.Attributes, name) : null,
        },
    ];

    private static FieldDescription Of(string name, FieldType type, string description, string example, Func<ProductFact, FieldValue?> read) => new()
    {
        Name = name,
        Type = type,
        UsableIn = Places,
        Description = description,
        Example = example,
        Currency = type == FieldType.Amount ? static (in Scope scope) => scope.Product?.Currency : null,
        Read = (in Scope scope, string _) => scope.Product is { } product ? read(product) : null,
    };
}
