using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using PersonalizationPlatform.Access;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Http;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Catalog;

/// <summary>The categories and how they contain one another. A product in a category counts as in all that contain it.</summary>
[ApiController]
[Route("v1/categories")]
[Authorize(Policy = Scopes.Admin)]
[Tags("Products")]
public sealed class CategoriesController(PlatformDb db, Categories categories, TimeProvider time) : ControllerBase
{
    private const long MaxBody = 64 << 20;

    /// <summary>Creates or replaces a category; moving it moves all that lies in it.</summary>
    /// <remarks>400 <c>category.invalid</c>, <c>category.circle</c>, <c>category.depth</c>, <c>category.count</c>, <c>category.unknownParent</c>.</remarks>
    [RequestExample("""{ "name": "Bags", "parentId": "3", "position": 1 }""")]
    [HttpPut("{id}", Name = "putCategory")]
    [ProducesResponseType<CategoryAnswer>(StatusCodes.Status200OK)]
    [ProducesResponseType<Problem>(StatusCodes.Status400BadRequest, "application/problem+json")]
    public async Task<ActionResult<CategoryAnswer>> PutAsync(string id, [StrictBody] CategoryRequest request, CancellationToken cancellationToken)
    {
        var errors = new List<ProblemError>();
        var node = request.ToNode(id, errors) ?? throw new ProblemException(400, "category.invalid", "The category is not right in the places listed.", errors);
        var now = time.Now();
        var written = await categories.WriteAsync(new Dictionary<string, CategoryNode> { [id] = node }, parentsKnown: true, dryRun: false, now, cancellationToken);
        if (written.Refused.TryGetValue(id, out var error))
            throw ProblemException.Invalid(error.Code, error.Detail, error);
        var kept = await db.Set<Category>().AsNoTracking().SingleOrDefaultAsync(category => category.Id == id, cancellationToken);
        return kept is null ? new CategoryAnswer(node.Id, node.Name, node.ParentId, node.Position, node.Active, now) : CategoryAnswer.Of(kept);
    }

    /// <summary>Creates or replaces a category, a whole tree, or a page <c>{ "items": [ … ] }</c>: Adobe Commerce's category JSON as it is.</summary>
    /// <remarks>
    /// All of it in one step; refused ones are listed. A single category that is refused is 400 <c>category.invalid</c>, as is a tree of which
    /// nothing is kept. What is not in the tree sent stays.
    /// </remarks>
    [RequestExample("""
        { "id": 2, "parent_id": 1, "name": "Default Category", "is_active": true, "position": 1, "level": 1, "product_count": 0, "children_data": [
          { "id": 3, "parent_id": 2, "name": "Gear", "is_active": true, "position": 4, "level": 2, "children_data": [
            { "id": 4, "parent_id": 3, "name": "Bags", "is_active": true, "position": 1, "level": 3, "children_data": [] } ] } ] }
        """)]
    [HttpPost(Name = "postCategories")]
    [RequestSizeLimit(MaxBody)]
    [ProducesResponseType<BulkAnswer>(StatusCodes.Status200OK)]
    [ProducesResponseType<Problem>(StatusCodes.Status400BadRequest, "application/problem+json")]
    public async Task<ActionResult<BulkAnswer>> PostAsync(CancellationToken cancellationToken)
    {
        if (!Request.HasJsonContentType())
            throw new ProblemException(415, "http.contentType", "Send application/json; one category a line goes to /v1/categories/bulk.");
        using var json = await RequestBodies.ParseAsync(Request);
        var import = new CategoryImport(categories);
        import.Add(json.RootElement, 1);
        var answer = await import.WriteAsync(dryRun: false, time.Now(), cancellationToken);
        // Of several the good ones are kept; a single one that is wrong is the whole request.
        return answer.Stored == 0 && import.Errors.Count > 0 && ProductImport.PageOf(json.RootElement) is null
            ? throw new ProblemException(400, "category.invalid", "The category is not right in the places listed.", import.Errors)
            : answer;
    }

    /// <summary>Creates or replaces any number of categories: NDJSON, a category, tree or page a line, gzip allowed.</summary>
    /// <remarks>In any order and in one step: only the final tree must be without circles. Refused lines are listed, the others are kept.</remarks>
    [RequestExample("""
        { "id": "3", "name": "Gear" }
        { "id": "4", "name": "Bags", "parentId": "3", "position": 1 }
        """, "application/x-ndjson")]
    [HttpPost("bulk", Name = "importCategories")]
    [DisableRequestSizeLimit]
    [ProducesResponseType<BulkAnswer>(StatusCodes.Status200OK)]
    [ProducesResponseType<Problem>(StatusCodes.Status400BadRequest, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status415UnsupportedMediaType, "application/problem+json")]
    public async Task<ActionResult<BulkAnswer>> PostBulkAsync(CancellationToken cancellationToken)
    {
        if (Request.ContentType?.Contains("ndjson", StringComparison.OrdinalIgnoreCase) != true)
            throw new ProblemException(415, "http.contentType", "Send application/x-ndjson: one category a line.");
        var import = new CategoryImport(categories);
        await import.AddAsync(RequestLines.ReadAsync(Request, CategoryImport.MaxLine, cancellationToken), cancellationToken);
        return await import.WriteAsync(dryRun: false, time.Now(), cancellationToken);
    }

    /// <summary>One category.</summary>
    [HttpGet("{id}", Name = "getCategory")]
    [ProducesResponseType<CategoryAnswer>(StatusCodes.Status200OK)]
    [ProducesResponseType<Problem>(StatusCodes.Status404NotFound, "application/problem+json")]
    public async Task<ActionResult<CategoryAnswer>> GetAsync(string id, CancellationToken cancellationToken) => CategoryAnswer.Of(
        await db.Set<Category>().AsNoTracking().SingleOrDefaultAsync(category => category.Id == id, cancellationToken)
        ?? throw ProblemException.NotFound("category with this id"));

    /// <summary>All categories by id, page by page.</summary>
    /// <param name="parent">Only those directly in this one.</param>
    [HttpGet(Name = "listCategories")]
    [ProducesResponseType<Page<CategoryAnswer>>(StatusCodes.Status200OK)]
    public async Task<ActionResult<Page<CategoryAnswer>>> ListAsync([FromQuery] PageQuery page, [FromQuery] string? parent, CancellationToken cancellationToken)
    {
        var after = page.After();
        var rows = await db.Set<Category>().AsNoTracking()
            .Where(category => parent == null || category.ParentId == parent)
            .Where(category => after == null || string.Compare(category.Id, after) > 0)
            .OrderBy(category => category.Id).Take(page.Rows).ToListAsync(cancellationToken);
        return page.Of(rows, category => category.Id, CategoryAnswer.Of);
    }

    /// <summary>Removes a category; products that name it keep it as a text. 409 <c>category.hasChildren</c> while others lie in it.</summary>
    [HttpDelete("{id}", Name = "deleteCategory")]
    [ProducesResponseType(StatusCodes.Status204NoContent)]
    [ProducesResponseType<Problem>(StatusCodes.Status404NotFound, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status409Conflict, "application/problem+json")]
    public async Task<IActionResult> DeleteAsync(string id, CancellationToken cancellationToken) =>
        await categories.DeleteAsync(id, cancellationToken) ? NoContent() : throw ProblemException.NotFound("category with this id");
}
