using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using PersonalizationPlatform.Access;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Hosting;

/// <summary>The description of the API that the service gives of itself, and that <c>docs/openapi.json</c> is a copy of.</summary>
public static class OpenApiDocument
{
    public const string Name = "v1";

    private const string Bearer = "bearer";

    /// <summary>In the order in which somebody who has to get something done looks for them.</summary>
    private static readonly (string Tag, string Description)[] Capabilities =
    [
        ("Segments", "Rules that say which shoppers are meant. `GET /v1/fields` lists everything a condition may ask."),
        ("Audiences", "Published segments, and lists imported from elsewhere."),
        ("Dynamic blocks", "Content for some shoppers, or for all."),
        ("Decisions", "What a page shows to a shopper."),
        ("Shoppers", "Which segments somebody is in, and why."),
        ("Profiles", "What is known about a person or visitor."),
        ("Products", "What conditions on categories and product attributes look at."),
        ("Events", "The doors by which everything comes in."),
        ("Keys", "Who may call."),
        ("Health", "For whoever keeps the service running."),
    ];

    public static IServiceCollection AddOpenApiDocument(this IServiceCollection services) => services.AddOpenApi(Name, options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.AddDocumentTransformer(DescribeAsync);
        options.AddOperationTransformer(DescribeAsync);
    });

    /// <summary>The document as text, as the address <c>/openapi/v1.json</c> gives it.</summary>
    public static async Task<string> WriteAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        await using var scope = services.CreateAsyncScope();
        var document = await scope.ServiceProvider.GetRequiredKeyedService<IOpenApiDocumentProvider>(Name).GetOpenApiDocumentAsync(cancellationToken);
        var text = await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1, cancellationToken);
        return text.ReplaceLineEndings("\n").TrimEnd() + "\n";
    }

    private static Task DescribeAsync(Microsoft.OpenApi.OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "PersonalizationPlatform",
            Version = "v1",
            Description = "Customer data and personalisation for shops: events and profiles in, segments and decisions out. "
                + "Every error is an RFC 9457 problem with a stable `code`. A 4xx other than 429 is never worth repeating; 429 and 503 are, after `Retry-After`.",
        };
        document.Tags = new HashSet<OpenApiTag>(Capabilities.Select(capability => new OpenApiTag { Name = capability.Tag, Description = capability.Description }));
        // Where the document was read from is not part of the API.
        document.Servers = [];
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
        document.Components.SecuritySchemes[Bearer] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            Description = "A key: public (`pk_…`, for browsers: collect and decide) or secret (`sk_…`). A public key may also be sent as `?key=`.",
        };
        return Task.CompletedTask;
    }

    private static async Task DescribeAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var endpoint = context.Description.ActionDescriptor;
        if (string.IsNullOrEmpty(operation.OperationId) && endpoint is ControllerActionDescriptor action)
            operation.OperationId = char.ToLowerInvariant(action.ControllerName[0]) + action.ControllerName[1..] + action.ActionName;
        if (endpoint is ControllerActionDescriptor described)
            OpenApiExamples.Add(operation, described);
        // Descriptions are Markdown, summaries are plain text.
        operation.Summary = operation.Summary?.Replace("`", "", StringComparison.Ordinal);
        operation.Responses ??= [];
        if (operation.Responses.ContainsKey("428"))
        {
            operation.Parameters ??= [];
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = "If-Match",
                In = ParameterLocation.Header,
                Required = true,
                Description = "The `ETag` of the version that this request changes, such as `\"1\"`; `*` for whichever there is.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            });
        }

        if (endpoint.EndpointMetadata.OfType<IdempotentAttribute>().Any())
        {
            operation.Parameters ??= [];
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = IdempotentRequests.Header,
                In = ParameterLocation.Header,
                Description = "Makes the request safe to send again: for 24 hours the same key with the same body creates nothing more and is answered as "
                    + "the first time; with another body 422 `idempotency.otherBody`, while the first one runs 409 `idempotency.running`.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = 255 },
            });
        }

        if (endpoint.EndpointMetadata.OfType<IAllowAnonymous>().Any())
            return;
        var policy = endpoint.EndpointMetadata.OfType<IAuthorizeData>().Select(data => data.Policy).LastOrDefault(name => name is not null);
        var problem = await context.GetOrCreateSchemaAsync(typeof(Problem), null, cancellationToken);
        context.Document!.AddComponent(nameof(Problem), problem);
        operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Bearer, context.Document)] = [] }];
        operation.Description = ((operation.Description ?? "") + "\n\nNeeds: " + Need(policy) + ".").Trim();
        Add("401", "The key is missing, unknown, expired or revoked.");
        Add("403", "The key does not allow this.");
        if (endpoint.EndpointMetadata.OfType<IdempotentAttribute>().Any())
        {
            Add("409", "The first request with this Idempotency-Key is still running.");
            Add("422", "This Idempotency-Key was used with another body.");
        }

        Add("default", "Any other failure.");

        void Add(string status, string description) => operation.Responses.TryAdd(status, new OpenApiResponse
        {
            Description = description,
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["application/problem+json"] = new() { Schema = new OpenApiSchemaReference(nameof(Problem), context.Document) },
            },
        });
    }

    private static string Need(string? policy) => policy switch
    {
        Scopes.CollectSecret => "a secret key with the scope `collect`",
        Scopes.DecideSecret => "a secret key with the scope `decide`",
        Scopes.Read => "a secret key with the scope `admin` or `export`",
        null => "a key",
        _ => $"a key with the scope `{policy}`",
    };
}
