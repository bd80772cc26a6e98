using Mono.Cecil;

namespace PersonalizationPlatform.Tests.Architecture;

/// <summary>A capability may use only what lies below it. Read from the built assembly, so that nothing a compiler resolves can hide.</summary>
public sealed class FloorsTests
{
    private const string Root = "PersonalizationPlatform";

    /// <summary>From the ground up; capabilities on one line stand beside each other and may use one another.</summary>
    private static readonly string[][] Floors =
    [
        ["Vocabulary"],
        ["Conditions"],
        ["Http", "Database", "Access"],
        ["Definitions"],
        ["Websites"],
        ["Catalog"],
        ["Profiles"],
        ["Events"],
        ["Segments"],
        ["Shoppers"],
        ["Activation"],
        ["Edge", "SegmentApi", "Storefront"],
        ["Demo"],
        ["Hosting", "Bench"],
    ];

    /// <summary>The one shape of the technical floor that the conditions below it speak: where in a request something is wrong.</summary>
    private static readonly (string From, string To) Exception = ("Conditions", Root + ".Http.ProblemError");

    [Fact]
    public void Nothing_uses_a_floor_above_its_own()
    {
        using var assembly = AssemblyDefinition.ReadAssembly(typeof(Program).Assembly.Location);
        var climbs = new SortedSet<string>();
        var read = 0;
        foreach (var type in assembly.MainModule.GetTypes())
        {
            if (Capability(type) is not { } from || type.Namespace.EndsWith(".Migrations", StringComparison.Ordinal))
                continue;
            read++;
            foreach (var used in new References().Of(type))
            {
                if (Capability(used) is { } to && Floor(to) > Floor(from) && (from, used.FullName) != Exception)
                    climbs.Add($"{type.FullName} uses {used.FullName}");
            }
        }

        Assert.True(read > 30, $"Only {read} types were read.");
        Assert.True(climbs.Count == 0, string.Join('\n', climbs));
    }

    [Fact]
    public void Every_namespace_has_a_floor()
    {
        using var assembly = AssemblyDefinition.ReadAssembly(typeof(Program).Assembly.Location);
        var known = Floors.SelectMany(floor => floor).ToHashSet();
        Assert.Subset(known, assembly.MainModule.GetTypes().Select(Capability).OfType<string>().ToHashSet());
    }

    [Fact]
    public void A_climb_inside_a_method_or_a_generic_argument_is_seen()
    {
        using var assembly = AssemblyDefinition.ReadAssembly(typeof(FloorsTests).Assembly.Location);
        var seen = new References().Of(assembly.MainModule.GetType(typeof(Climber).FullName!.Replace('+', '/'))).Select(type => type.Name).ToHashSet();
        Assert.Superset(new HashSet<string> { nameof(InBody), nameof(InGenericArgument), nameof(InAttributeAttribute), nameof(InTypeOf) }, seen);
    }

    private static int Floor(string capability) => Array.FindIndex(Floors, floor => floor.Contains(capability));

    private static string? Capability(TypeReference type)
    {
        var outermost = type;
        while (outermost.DeclaringType is not null)
            outermost = outermost.DeclaringType;
        return outermost.Namespace.StartsWith(Root + ".", StringComparison.Ordinal) ? outermost.Namespace[(Root.Length + 1)..].Split('.')[0] : null;
    }

#pragma warning disable CA1812, CA1822, CS0649 // Looked at, never used.
    private sealed class InBody;

    private sealed class InGenericArgument;

    private sealed class InTypeOf;

    [AttributeUsage(AttributeTargets.Method)]
    private sealed class InAttributeAttribute : Attribute
    {
        public Type? Type { get; set; }
    }

    private sealed class Climber
    {
        public List<Dictionary<string, InGenericArgument[]>>? Field;

        [InAttribute(Type = typeof(InTypeOf))]
        public string Method() => new InBody().ToString()!;
    }
#pragma warning restore CA1812, CA1822, CS0649
}
