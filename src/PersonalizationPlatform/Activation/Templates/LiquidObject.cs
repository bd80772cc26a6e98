using DotLiquid;

namespace PersonalizationPlatform.Activation.Templates;

/// <summary>
/// What has members that a template may name, and nothing else: unlike the library's own it neither counts nor lists them, so that
/// <c>size</c>, <c>first</c> and <c>last</c> are members like any other. As a whole it is not printed.
/// </summary>
internal sealed class LiquidObject : ILiquidizable, IIndexable
{
    // Names compare as everywhere in the library.
    private readonly Dictionary<string, object?> members = new(Template.NamingConvention.StringComparer);

    /// <summary>Nothing is known of it.</summary>
    public static LiquidObject Empty { get; } = new();

    public object? this[string name]
    {
        get => members.GetValueOrDefault(name);
        set => members[name] = value;
    }

    object? IIndexable.this[object key] => this[LiquidValue.Text(key) ?? ""];

    bool IIndexable.ContainsKey(object key) => members.ContainsKey(LiquidValue.Text(key) ?? "");

    object ILiquidizable.ToLiquid() => this;
}
