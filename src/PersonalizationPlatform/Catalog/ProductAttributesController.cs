using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using PersonalizationPlatform.Access;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Http;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Catalog;

/// <summary>What is known of product attributes. Products may have attributes that nobody has described.</summary>
[ApiController]
[Route("v1/products/attributes")]
[Authorize(Policy = Scopes.Admin)]
[Tags("Products")]
public sealed class ProductAttributesController(PlatformDb db, ProductAttributes attributes, TimeProvider time) : ControllerBase
{
    /// <summary>All definitions by code, page by page.</summary>
    [HttpGet(Name = "listProductAttributes")]
    [ProducesResponseType<Page<AttributeDefinition>>(StatusCodes.Status200OK)]
    public async Task<ActionResult<Page<AttributeDefinition>>> ListAsync([FromQuery] PageQuery page, CancellationToken cancellationToken)
    {
        var after = page.After();
        var rows = await db.Set<ProductAttribute>().AsNoTracking()
            .Where(attribute => after == null || string.Compare(attribute.Code, after) > 0)
            .OrderBy(attribute => attribute.Code).Take(page.Rows).ToListAsync(cancellationToken);
        return page.Of(rows, attribute => attribute.Code, AttributeDefinition.Of);
    }

    /// <summary>Creates or replaces a definition.</summary>
    /// <remarks>A <c>multiselect</c> value given as <c>a,b</c> becomes the list of both. 400 <c>attribute.invalid</c>.</remarks>
    [RequestExample("""{ "type": "multiselect", "label": "Material", "options": [ { "value": "21", "label": "Leather" }, { "value": "22", "label": "Canvas" } ] }""")]
    [HttpPut("{code}", Name = "putProductAttribute")]
    [RequestSizeLimit(4 << 20)]
    [ProducesResponseType<AttributeDefinition>(StatusCodes.Status200OK)]
    [ProducesResponseType<Problem>(StatusCodes.Status400BadRequest, "application/problem+json")]
    public async Task<ActionResult<AttributeDefinition>> PutAsync(string code, [StrictBody] AttributeRequest request, CancellationToken cancellationToken)
    {
        var errors = new List<ProblemError>();
        var definition = request.ToDefinition(code, errors)
            ?? throw new ProblemException(400, "attribute.invalid", "The attribute is not right in the places listed.", errors);
        await attributes.PutAsync(definition, time.Now(), cancellationToken);
        return definition;
    }

    /// <summary>Removes a definition; the products keep their values.</summary>
    [HttpDelete("{code}", Name = "deleteProductAttribute")]
    [ProducesResponseType(StatusCodes.Status204NoContent)]
    [ProducesResponseType<Problem>(StatusCodes.Status404NotFound, "application/problem+json")]
    public async Task<IActionResult> DeleteAsync(string code, CancellationToken cancellationToken) =>
        await attributes.DeleteAsync(code, cancellationToken) ? NoContent() : throw ProblemException.NotFound("product attribute with this code");
}

/// <summary>An attribute as a person describes it.</summary>
[ReadOnlyMembers("code")]
public sealed record AttributeRequest
{
    public required AttributeType Type { get; init; }

    /// <summary>The code when absent.</summary>
    public string? Label { get; init; }

    /// <summary>Only for <c>select</c> and <c>multiselect</c>.</summary>
    public IReadOnlyList<AttributeOption>? Options { get; init; }

    /// <summary><c>true</c> when absent.</summary>
    public bool? UsableInRules { get; init; }

    internal AttributeDefinition? ToDefinition(string code, List<ProblemError> errors)
    {
        var before = errors.Count;
        if (code.Length is 0 or > 255 || code.Any(char.IsControl))
            errors.Add(new("code", "attribute.code", "code must have 1 to 255 characters."));
        if (Label is not null && (string.IsNullOrWhiteSpace(Label) || Label.Length > 255))
            errors.Add(new("$.label", "attribute.label", "label must have 1 to 255 characters."));
        if (Options is { Count: > 0 } && Type is not (AttributeType.Select or AttributeType.Multiselect))
            errors.Add(new("$.options", "attribute.options", "Only select and multiselect have options."));
        if (Options?.Count > 10_000)
            errors.Add(new("$.options", "attribute.options", "At most 10,000 options."));
        var values = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < Math.Min(Options?.Count ?? 0, 10_000); i++)
        {
            if (Options![i] is not { Value: { Length: > 0 and <= 255 } value, Label.Length: > 0 and <= 255 })
                errors.Add(new($"$.options[{i}]", "attribute.option", "An option has a value and a label, each of 1 to 255 characters."));
            else if (!values.Add(value))
                errors.Add(new($"$.options[{i}].value", "attribute.optionTwice", "An option is given once."));
        }

        return errors.Count > before ? null : new(code, Type, Label?.Trim() ?? code, Options ?? [], UsableInRules ?? true);
    }
}
