using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Hosting;

/// <summary>Every failure is an RFC 9457 problem, whoever notices it first.</summary>
public sealed class ProblemTests(ProblemTests.Host host) : IClassFixture<ProblemTests.Host>
{
    private const string Key = """{ "name": "a", "kind": "secret", "scopes": ["collect"] }""";

    [Theory]
    [InlineData(404, "notFound", "GET", "/v1/nothing/here", null, null)]
    [InlineData(405, "method.notAllowed", "PATCH", "/v1/keys", "{}", "application/json")]
    [InlineData(415, "http.contentType", "POST", "/v1/keys", Key, "text/csv")]
    [InlineData(400, "json.syntax", "POST", "/v1/keys", "{ \"name\": \"a\",,", "application/json")]
    [InlineData(400, "request.invalid", "POST", "/v1/keys", "{ \"name\": 1 }", "application/json")]
    [InlineData(400, "limit.outOfRange", "GET", "/v1/keys?limit=201", null, null)]
    [InlineData(400, "cursor.invalid", "GET", "/v1/keys?cursor=x", null, null)]
    [InlineData(400, "request.invalid", "GET", "/v1/keys?limit=many", null, null)]
    [InlineData(404, "notFound", "DELETE", "/v1/keys/3f1c9c1e-0000-7000-8000-000000000000", null, null)]
    [InlineData(413, "request.tooLarge", "POST", "/v1/keys", null, "application/json")]
    [InlineData(500, "internal", "GET", "/failing", null, null)]
    public async Task A_failure_is_a_problem_with_a_stable_code(int status, string code, string method, string path, string? body, string? mediaType)
    {
        if (status == 413)
            body = "\"" + new string('x', Host.RequestBytes) + "\"";
        using var answer = await host.Admin.SendTextAsync(new HttpMethod(method), path, body, mediaType ?? "application/json");
        await IsProblemAsync(answer, status, code);
    }

    [Fact]
    public async Task Without_a_key_the_answer_is_401_and_says_how_to_send_one()
    {
        using var answer = await host.Anonymous.GetAsync("/v1/keys", TestContext.Current.CancellationToken);
        await IsProblemAsync(answer, 401, "key.missing");
        Assert.Equal("Bearer", Assert.Single(answer.Headers.WwwAuthenticate).Scheme);
    }

    [Fact]
    public async Task With_too_small_a_key_the_answer_is_403_and_names_the_scope()
    {
        using var answer = await host.Browser.GetAsync("/v1/keys", TestContext.Current.CancellationToken);
        await IsProblemAsync(answer, 403, "key.scope");
        Assert.Contains("scope=\"admin\"", Assert.Single(answer.Headers.WwwAuthenticate).Parameter, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_method_that_is_not_allowed_comes_with_those_that_are()
    {
        using var answer = await host.Admin.SendTextAsync(HttpMethod.Put, "/v1/keys", "{}");
        Assert.Equal(["GET", "POST"], answer.Content.Headers.Allow.Order());
    }

    [Fact]
    public async Task Broken_json_is_located()
    {
        var problem = await host.Admin.PostJsonAsync("/v1/keys", "{\n  \"name\": tru }", HttpStatusCode.BadRequest);
        Assert.Contains("line 2, byte", (string)problem["detail"]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "name": "a", "kind": "secret", "scopes": ["collect", 7] }""", "$.scopes[1]", "must be a text")]
    [InlineData("""{ "name": "a", "kind": "private", "scopes": ["collect"] }""", "$.kind", "one of public, secret")]
    [InlineData("""{ "name": "a", "kind": "secret", "scopes": ["collect"], "colour": 1 }""", "$.colour", "no member \"colour\"")]
    [InlineData("""{ "name": "a", "kind": "secret", "scopes": ["collect"], "name": "b" }""", "$.name", "given twice")]
    [InlineData("""{ "name": "a", "scopes": ["collect"] }""", "$.kind", "kind is missing")]
    [InlineData("""{ "name": null, "kind": "secret", "scopes": ["collect"] }""", "$.name", "not null")]
    public async Task What_does_not_fit_is_named_by_its_path_and_without_words_of_the_program(string body, string path, string says)
    {
        var problem = await host.Admin.PostJsonAsync("/v1/keys", body, HttpStatusCode.BadRequest);
        var error = Assert.Single(problem["errors"]!.AsArray())!;
        Assert.Equal(path, (string)error["path"]!);
        Assert.Contains(says, (string)error["detail"]!, StringComparison.Ordinal);
        Assert.DoesNotContain("PersonalizationPlatform", problem.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain("System.", problem.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unexpected_failure_tells_nothing_of_what_happened_inside()
    {
        var problem = await host.Admin.GetJsonAsync("/failing", HttpStatusCode.InternalServerError);
        Assert.DoesNotContain(FailingController.Secret, problem.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_only_accepts_html_gets_the_problem_all_the_same()
    {
        using var answer = await host.Admin.SendTextAsync(HttpMethod.Get, "/v1/nothing", null, headers: ("Accept", "text/html"));
        await IsProblemAsync(answer, 404, "notFound");
    }

    private static async Task IsProblemAsync(HttpResponseMessage answer, int status, string code)
    {
        var problem = await answer.JsonAsync((HttpStatusCode)status);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(status, (int)problem["status"]!);
        Assert.Equal(code, (string)problem["code"]!);
        foreach (var member in new[] { "type", "title", "detail", "instance", "traceId" })
            Assert.False(string.IsNullOrEmpty((string?)problem[member]), $"{member} is missing: {problem.ToJsonString()}");
        Assert.Equal(answer.RequestMessage!.RequestUri!.AbsolutePath, (string)problem["instance"]!);
    }

    public sealed class Host(PlatformServer server) : ListeningPlatformHost(server)
    {
        public const int RequestBytes = 10_000;

        protected override IEnumerable<KeyValuePair<string, string?>> Settings =>
        [
            new("Limits:RequestBytes", RequestBytes.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            // The failure below is meant.
            new("Serilog:MinimumLevel:Default", "Fatal"),
        ];

        protected override void ConfigureServices(IServiceCollection services) =>
            services.AddControllers().AddApplicationPart(typeof(FailingController).Assembly);
    }
}

[ApiController, AllowAnonymous, Route("failing")]
public sealed class FailingController : ControllerBase
{
    public const string Secret = "the inside story";

    [HttpGet]
    public JsonObject Fail() => throw new InvalidOperationException(Secret);
}
