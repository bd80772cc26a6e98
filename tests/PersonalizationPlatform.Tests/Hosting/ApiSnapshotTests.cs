using System.Text.Json;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Hosting;

/// <summary>What the service offers to the outside changes only on purpose.</summary>
public sealed class ApiSnapshotTests(PlatformHost host) : IClassFixture<PlatformHost>
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public void Every_endpoint_has_a_policy_and_is_in_the_snapshot()
    {
        var endpoints = host.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>().ToList();
        var lines = new List<string>();
        foreach (var endpoint in endpoints)
        {
            var route = "/" + endpoint.RoutePattern.RawText!.TrimStart('/');
            var anonymous = endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null;
            var policies = endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>().Select(data => data.Policy).OfType<string>().Distinct().ToList();
            Assert.True(policies.Count > 0 || (anonymous && IsOpen(route)), $"{route} has no policy.");
            foreach (var method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["*"])
                lines.Add($"{route} {method} {(anonymous ? "anybody" : string.Join(" and ", policies))}");
        }

        Assert.NotEmpty(lines);
        Snapshot.Matches("tests/snapshots/endpoints.txt", string.Join('\n', lines.Distinct().Order(StringComparer.Ordinal)));
    }

    [Fact]
    public async Task The_openapi_document_is_the_one_in_docs()
    {
        var document = await host.Anonymous.GetStringAsync("/openapi/v1.json", TestContext.Current.CancellationToken);
        Snapshot.Matches("docs/openapi.json", JsonSerializer.Serialize(JsonDocument.Parse(document), Indented));
    }

    [Fact]
    public async Task The_openapi_document_is_version_3_1_with_unique_operation_ids_and_secured_operations()
    {
        var document = await host.Anonymous.GetJsonAsync("/openapi/v1.json");
        Assert.StartsWith("3.1", (string)document["openapi"]!, StringComparison.Ordinal);
        var operations = document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(operation => (path.Key, operation.Value))).ToList();
        Assert.Distinct(operations.Select(operation => (string?)operation.Value!["operationId"]));
        Assert.All(operations, operation =>
        {
            Assert.NotNull(operation.Value!["operationId"]);
            Assert.NotEmpty(operation.Value["tags"]!.AsArray());
            Assert.NotNull(operation.Value["summary"]);
            Assert.True(operation.Value["security"] is not null || IsOpen(operation.Key), $"{operation.Key} does not say which key it needs.");
        });
    }

    [Fact]
    public async Task The_try_out_page_is_served()
    {
        var page = await host.Anonymous.GetStringAsync("/swagger/index.html", TestContext.Current.CancellationToken);
        Assert.Contains("swagger-ui", page, StringComparison.Ordinal);
    }

    private static bool IsOpen(string route) =>
        route.StartsWith("/health/", StringComparison.Ordinal) || route.StartsWith("/openapi/", StringComparison.Ordinal)
        // Pages, and what they are made of.
        || route.StartsWith("/sdk/", StringComparison.Ordinal) || route is "/" or "/demo" || route.StartsWith("/demo/", StringComparison.Ordinal)
        // Browsers of Adobe's Edge have a config id and no key.
        || (route.StartsWith("/{edgeBase:edgeBase}/", StringComparison.Ordinal) && route.Contains("/v1/", StringComparison.Ordinal));
}
