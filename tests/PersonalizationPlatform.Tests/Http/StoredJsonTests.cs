using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using PersonalizationPlatform.Activation.CartRules;
using PersonalizationPlatform.Activation.CatalogRules;
using PersonalizationPlatform.Activation.Import;
using PersonalizationPlatform.Activation.Rehearsal;
using PersonalizationPlatform.Activation.RelatedProducts;
using PersonalizationPlatform.Activation.Rotators;
using PersonalizationPlatform.Demo.Storefront;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Tests.Http;

/// <summary>What is kept as JSON is read again; members that say nothing are not written.</summary>
public sealed class StoredJsonTests
{
    private static readonly JsonSerializerOptions Options = new(HttpSetup.Json) { TypeInfoResolver = new DefaultJsonTypeInfoResolver() };

    [Theory]
    [InlineData(typeof(ImportReport))]
    [InlineData(typeof(KeptCartRule))]
    [InlineData(typeof(KeptBlock))]
    [InlineData(typeof(CartRuleRequest))]
    [InlineData(typeof(CatalogRuleRequest))]
    [InlineData(typeof(RelatedRuleRequest))]
    [InlineData(typeof(RotatorRequest))]
    [InlineData(typeof(DemoVisitor))]
    public void No_member_that_may_be_left_out_is_asked_for_when_it_is_read(Type stored)
    {
        var seen = new HashSet<Type>();
        var open = new Stack<Type>([stored]);
        while (open.TryPop(out var type))
        {
            if (!seen.Add(type))
                continue;
            var info = Options.GetTypeInfo(type);
            foreach (var property in info.Properties)
            {
                var asked = property.IsRequired || property.AssociatedParameter is { HasDefaultValue: false };
                var leftOut = property.Get is not null && (property.IsGetNullable || Nullable.GetUnderlyingType(property.PropertyType) is not null);
                Assert.False(asked && leftOut, $"{type}.{property.Name} is left out when null, and asked for.");
                open.Push(property.PropertyType);
            }

            foreach (var inner in new[] { info.ElementType, info.KeyType, Nullable.GetUnderlyingType(type) }.OfType<Type>())
                open.Push(inner);
            foreach (var derived in info.PolymorphismOptions?.DerivedTypes ?? [])
                open.Push(derived.DerivedType);
        }
    }
}
