using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Features;
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
    private const long MaxPage = 64 << 20;

    /// <summary>Creates or replaces a product.</summary>
    /// <remarks>
    /// Adobe Commerce's product JSON is taken as it is, bare or in <c>product</c>. Decisions use the new product at once, other nodes within a
    /// second; events that arrive afterwards take its categories. 400 <c>product.invalid</c> lists what is wrong.
    /// </remarks>
    [RequestExample("""
        {
          "name": "Tideline Duffel 45 L",
          "price": 109,
          "currency": "EUR",
          "specialPrice": 89,
          "specialTo": "2026-08-31",
          "tierPrices": [ { "customerGroup": 2, "quantity": 10, "percentage": 15 } ],
          "stock": { "inStock": true, "quantity": 40 },
          "categories": ["Gear/Bags"],
          "attributes": { "brand": "Nordsund", "colour": ["black", "teal"] },
          "related": ["BG-105"]
        }
        """)]
    [HttpPut("{sku}", Name = "putProduct")]
    [RequestSizeLimit(1 << 20)]
    [ProducesResponseType<ProductAnswer>(StatusCodes.Status200OK)]
    [ProducesResponseType<Problem>(StatusCodes.Status400BadRequest, "application/problem+json")]
    public async Task<ActionResult<ProductAnswer>> PutAsync(string sku, [ProductBody] ProductRequest request, CancellationToken cancellationToken) =>
        ProductAnswer.Of(await StoreAsync(sku, request, cancellationToken));

    /// <summary>Creates or replaces the product with the <c>sku</c> in the body, in either shape.</summary>
    [RequestExample("""
        {
          "product": {
            "id": 14, "sku": "24-MB04", "name": "Strive Shoulder Pack", "attribute_set_id": 15, "price": 32, "status": 1, "visibility": 4, "type_id": "simple",
            "extension_attributes": { "website_ids": [1], "category_links": [ { "position": 0, "category_id": "4" } ], "stock_item": { "qty": 100, "is_in_stock": true } },
            "product_links": [ { "sku": "24-MB04", "link_type": "related", "linked_product_sku": "24-MB03", "position": 1 } ],
            "custom_attributes": [ { "attribute_code": "special_price", "value": "29.00" }, { "attribute_code": "color", "value": "52" } ]
          }
        }
        """)]
    [HttpPost(Name = "postProduct")]
    [RequestSizeLimit(1 << 20)]
    [ProducesResponseType<ProductAnswer>(StatusCodes.Status200OK)]
    [ProducesResponseType<Problem>(StatusCodes.Status400BadRequest, "application/problem+json")]
    public async Task<ActionResult<ProductAnswer>> PostAsync([ProductBody] ProductRequest request, CancellationToken cancellationToken) =>
        ProductAnswer.Of(await StoreAsync(null, request, cancellationToken));

    /// <summary>Creates or replaces any number of products: NDJSON, one product with its <c>sku</c> a line, gzip allowed.</summary>
    /// <remarks>
    /// Each line is a product in either shape or a page <c>{ "items": [ … ] }</c> of them; one such page may also be sent as
    /// <c>application/json</c>, up to 64 MiB. Good ones are kept; the first hundred refused ones are listed with their line number.
    /// </remarks>
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
        if (Request.ContentType?.Contains("ndjson", StringComparison.OrdinalIgnoreCase) == true)
            return await import.ReadAsync(RequestLines.ReadAsync(Request, ProductImport.MaxLine, cancellationToken), cancellationToken);
        if (!Request.HasJsonContentType())
            throw new ProblemException(415, "http.contentType", "Send application/x-ndjson, one product a line, or application/json.");
        if (HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = MaxPage;
        using var json = await RequestBodies.ParseAsync(Request);
        return await import.ReadAsync(ProductImport.PageOf(json.RootElement) is { } page ? page.EnumerateArray() : [json.RootElement], dryRun: false, cancellationToken);
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

    /// <summary>Writes it and gives it as it is kept, number included.</summary>
    private async Task<Product> StoreAsync(string? sku, ProductRequest request, CancellationToken cancellationToken)
    {
        var errors = new List<ProblemError>();
        var product = request.ToProduct(sku, time.Now(), errors)
            ?? throw new ProblemException(400, "product.invalid", "The product is not right in the places listed.", errors);
        await products.UpsertAsync([product], product.UpdatedAt, cancellationToken);
        return await db.Set<Product>().AsNoTracking().SingleOrDefaultAsync(kept => kept.Sku == product.Sku, cancellationToken) ?? product;
    }
}
