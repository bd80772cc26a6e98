using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using PersonalizationPlatform.Access;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Http;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Catalog;

/// <summary>The products that conditions on categories and product attributes look at.</summary>
[ApiController]
[Route("v1/products")]
[Authorize(Policy = Scopes.Admin)]
[Tags("Products")]
public sealed class ProductsController(PlatformDb db, Products products, ProductImport import, TimeProvider time) : ControllerBase
{
    /// <summary>Creates or replaces a product.</summary>
    /// <remarks>Events that arrive afterwards take its categories; 400 <c>product.invalid</c> lists what is wrong.</remarks>
    [RequestExample("""
        {
          "name": "Tideline Duffel 45 L",
          "price": 109,
          "currency": "EUR",
          "categories": ["Gear/Bags"],
          "attributes": { "brand": "Nordsund", "colour": ["black", "teal"] }
        }
        """)]
    [HttpPut("{sku}", Name = "putProduct")]
    [RequestSizeLimit(1 << 20)]
    [ProducesResponseType<ProductAnswer>(StatusCodes.Status200OK)]
    [ProducesResponseType<Problem>(StatusCodes.Status400BadRequest, "application/problem+json")]
    public async Task<ActionResult<ProductAnswer>> PutAsync(string sku, [StrictBody] ProductRequest request, CancellationToken cancellationToken)
    {
        var errors = new List<ProblemError>();
        var product = request.ToProduct(sku, time.Now(), errors)
            ?? throw new ProblemException(400, "product.invalid", "The product is not right in the places listed.", errors);
        await products.UpsertAsync([product], product.UpdatedAt, cancellationToken);
        return ProductAnswer.Of(product);
    }

    /// <summary>Creates or replaces any number of products: NDJSON, one product with its <c>sku</c> a line, gzip allowed.</summary>
    /// <remarks>Good lines are kept; the first hundred refused ones are listed with their line number.</remarks>
    [RequestExample("""
        { "sku": "BG-104", "name": "Tideline Duffel 45 L", "price": 109, "currency": "EUR", "categories": ["Gear/Bags"] }
        { "sku": "BG-105", "name": "Tideline Duffel 70 L", "price": 129, "currency": "EUR", "categories": ["Gear/Bags"] }
        """, "application/x-ndjson")]
    [HttpPost("bulk", Name = "importProducts")]
    [DisableRequestSizeLimit]
    [ProducesResponseType<BulkAnswer>(StatusCodes.Status200OK)]
    [ProducesResponseType<Problem>(StatusCodes.Status415UnsupportedMediaType, "application/problem+json")]
    public async Task<ActionResult<BulkAnswer>> PostBulkAsync(CancellationToken cancellationToken)
    {
        if (Request.ContentType?.Contains("ndjson", StringComparison.OrdinalIgnoreCase) != true)
            throw new ProblemException(415, "http.contentType", "Send application/x-ndjson: one product a line.");
        return await import.ReadAsync(RequestLines.ReadAsync(Request, ProductImport.MaxLine, cancellationToken), cancellationToken);
    }

    /// <summary>One product.</summary>
    [HttpGet("{sku}", Name = "getProduct")]
    [ProducesResponseType<ProductAnswer>(StatusCodes.Status200OK)]
    [ProducesResponseType<Problem>(StatusCodes.Status404NotFound, "application/problem+json")]
    public async Task<ActionResult<ProductAnswer>> GetAsync(string sku, CancellationToken cancellationToken)
    {
        var product = await db.Set<Product>().AsNoTracking().SingleOrDefaultAsync(product => product.Sku == sku, cancellationToken);
        return ProductAnswer.Of(product ?? throw ProblemException.NotFound("product with this SKU"));
    }

    /// <summary>All products by SKU, page by page.</summary>
    [HttpGet(Name = "listProducts")]
    [ProducesResponseType<Page<ProductAnswer>>(StatusCodes.Status200OK)]
    public async Task<ActionResult<Page<ProductAnswer>>> ListAsync([FromQuery] PageQuery page, CancellationToken cancellationToken)
    {
        var after = page.After();
        var rows = await db.Set<Product>().AsNoTracking()
            .Where(product => after == null || string.Compare(product.Sku, after) > 0)
            .OrderBy(product => product.Sku).Take(page.Rows).ToListAsync(cancellationToken);
        return page.Of(rows, product => product.Sku, ProductAnswer.Of);
    }

    /// <summary>Removes a product. What its events were given stays with them.</summary>
    [HttpDelete("{sku}", Name = "deleteProduct")]
    [ProducesResponseType(StatusCodes.Status204NoContent)]
    [ProducesResponseType<Problem>(StatusCodes.Status404NotFound, "application/problem+json")]
    public async Task<IActionResult> DeleteAsync(string sku, CancellationToken cancellationToken) =>
        await products.DeleteAsync(sku, cancellationToken) ? NoContent() : throw ProblemException.NotFound("product with this SKU");
}
