using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.Net.Http.Headers;

namespace PersonalizationPlatform.Access;

/// <summary>
/// A request that creates something and may be sent again with the same <c>Idempotency-Key</c>: it then creates nothing and is answered as
/// the first one was. Not for answers that hold a secret: they are kept as they are given.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class IdempotentAttribute : Attribute, IFilterFactory
{
    public bool IsReusable => true;

    public IFilterMetadata CreateInstance(IServiceProvider serviceProvider) => new Filter(serviceProvider.GetRequiredService<IdempotentRequests>());

    /// <summary>The headers that belong to the answer, and its body.</summary>
    private sealed record Answer(string? ContentType, string? Location, string? ETag, string Body);

    private sealed class Filter(IdempotentRequests requests) : IAsyncResourceFilter
    {
        public async Task OnResourceExecutionAsync(ResourceExecutingContext context, ResourceExecutionDelegate next)
        {
            var http = context.HttpContext;
            if (http.Request.Headers[IdempotentRequests.Header].ToString() is not { Length: > 0 } key)
            {
                await next();
                return;
            }

            var hash = await HashAsync(http.Request, http.RequestAborted);
            var (response, ran) = (http.Response, false);
            var (client, written) = (response.Body, new MemoryStream());
            KeptAnswer? kept;
            try
            {
                response.Body = written;
                kept = await requests.OnceAsync(http.User.KeyId(), key, hash, RunAsync, http.RequestAborted);
            }
            finally
            {
                response.Body = client;
            }

            // An answer that has begun could not become a problem any more.
            if (ran && written.Length > 0)
                await client.WriteAsync(written.GetBuffer().AsMemory(0, (int)written.Length), http.RequestAborted);
            else if (!ran)
                await RepeatAsync(response, kept!);

            async Task<KeptAnswer?> RunAsync()
            {
                ran = true;
                var executed = await next();
                // What was refused or failed has created nothing, and MVC throws it on.
                return executed.Exception is null && response.StatusCode is >= 200 and < 300 ? Keep(response, written) : null;
            }
        }

        /// <summary>The same body at another address is another request.</summary>
        private static async Task<byte[]> HashAsync(HttpRequest request, CancellationToken cancellationToken)
        {
            request.EnableBuffering();
            var body = await SHA256.HashDataAsync(request.Body, cancellationToken);
            request.Body.Position = 0;
            return SHA256.HashData([.. Encoding.UTF8.GetBytes($"{request.Path}{request.QueryString}\n"), .. body]);
        }

        private static KeptAnswer Keep(HttpResponse response, MemoryStream written) => new(
            response.StatusCode,
            JsonSerializer.Serialize(new Answer(
                response.ContentType, response.Headers.Location, response.Headers.ETag, Encoding.UTF8.GetString(written.GetBuffer(), 0, (int)written.Length))));

        private static Task RepeatAsync(HttpResponse response, KeptAnswer kept)
        {
            var answer = JsonSerializer.Deserialize<Answer>(kept.Text)!;
            response.StatusCode = kept.Status;
            response.ContentType = answer.ContentType;
            foreach (var (name, value) in new[] { (HeaderNames.Location, answer.Location), (HeaderNames.ETag, answer.ETag) })
            {
                if (value is not null)
                    response.Headers[name] = value;
            }

            return response.WriteAsync(answer.Body, response.HttpContext.RequestAborted);
        }
    }
}
