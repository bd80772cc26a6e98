using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using PersonalizationPlatform.Access;
using PersonalizationPlatform.Conditions;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Segments.Definitions;

/// <summary>What conditions may say: read from the tables that validation and evaluation use themselves.</summary>
[ApiController]
[Route("v1/fields")]
[Authorize(Policy = Scopes.Admin)]
[Tags("Segments")]
public sealed class FieldsController : ControllerBase
{
    private static readonly FieldsAnswer Answer = new(
        [.. FieldCatalogue.All.Select(field => new FieldAnswer(
            field.Name, field.Type, Places(field.UsableIn), [.. field.Operators.Select(op => Operators.Of(op).Name)], field.Members, field.Description, field.Example))],
        [.. Operators.All.Select(op => new OperatorAnswer(op.Name, op.Takes, op.Words, op.Description))],
        [.. ConditionJson.Kinds.Select(kind => new NodeKindAnswer(kind.Type, Places(kind.UsableIn), kind.Description, new(kind.Example)))]);

    /// <summary>Every field, operator and kind of condition.</summary>
    [HttpGet(Name = "listFields")]
    [ProducesResponseType<FieldsAnswer>(StatusCodes.Status200OK)]
    public ActionResult<FieldsAnswer> Get() => Answer;

    private static IReadOnlyList<FieldScope> Places(FieldScope places) =>
        [.. Enum.GetValues<FieldScope>().Where(place => System.Numerics.BitOperations.IsPow2((int)place) && places.HasFlag(place))];
}

/// <summary>The words of the condition language.</summary>
public sealed record FieldsAnswer(IReadOnlyList<FieldAnswer> Fields, IReadOnlyList<OperatorAnswer> Operators, IReadOnlyList<NodeKindAnswer> Conditions);

/// <summary>A field.</summary>
/// <param name="Name">The name, or a pattern whose last part is in angle brackets.</param>
/// <param name="UsableIn">Where it may be asked for; any of these.</param>
/// <param name="Members">What may stand for the pattern's last part; absent when anything.</param>
/// <param name="Example">A value that makes sense for it.</param>
public sealed record FieldAnswer(
    string Name, FieldType Type, IReadOnlyList<FieldScope> UsableIn, IReadOnlyList<string> Operators, IReadOnlyList<string>? Members,
    string Description, string Example);

/// <summary>An operator of <c>compare</c>.</summary>
/// <param name="Takes">What <c>value</c> must be.</param>
/// <param name="Words">How it reads in a sentence.</param>
public sealed record OperatorAnswer(string Name, OperandKind Takes, string Words, string Description);

/// <summary>A kind of condition.</summary>
/// <param name="Type">The node's <c>type</c>.</param>
/// <param name="UsableIn">Where it may stand; any of these.</param>
public sealed record NodeKindAnswer(string Type, IReadOnlyList<FieldScope> UsableIn, string Description, RawJson Example);
