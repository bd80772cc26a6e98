using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc.Formatters;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.ModelBinding.Metadata;

namespace PersonalizationPlatform.Http;

/// <summary>Controllers, one way of writing JSON, problems for every failure, CORS.</summary>
public static class HttpSetup
{
    public static IServiceCollection AddHttp(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddControllers(options =>
            {
                // Kinds and nullability are the reader's business; a second look at every object would be slow and bounded in depth.
                options.SuppressImplicitRequiredAttributeForNonNullableReferenceTypes = true;
                options.ModelMetadataDetailsProviders.Add(new NoDescent());
                // The doors take JSON whatever the content type says (curl's default is a form's); nobody else may read their bodies first.
                options.ValueProviderFactories.RemoveType<FormValueProviderFactory>();
                options.ValueProviderFactories.RemoveType<JQueryFormValueProviderFactory>();
                options.ValueProviderFactories.RemoveType<FormFileValueProviderFactory>();
                options.Filters.Add<AddressTexts>(int.MinValue);
                // One form of every answer, also in the API's description.
                options.OutputFormatters.RemoveType<StringOutputFormatter>();
                foreach (var json in options.OutputFormatters.OfType<SystemTextJsonOutputFormatter>())
                    json.SupportedMediaTypes.Remove("text/json");
                foreach (var json in options.InputFormatters.OfType<SystemTextJsonInputFormatter>())
                    json.SupportedMediaTypes.Remove("text/json");
            })
            .ConfigureApiBehaviorOptions(options =>
            {
                options.InvalidModelStateResponseFactory = InvalidRequest.Answer;
                options.SuppressMapClientErrors = true;
            })
            .AddJsonOptions(options => Configure(options.JsonSerializerOptions));
        services.ConfigureHttpJsonOptions(options => Configure(options.SerializerOptions));
        services.AddExceptionHandler<ProblemHandler>();
        services.AddCors(options => options.AddDefaultPolicy(policy =>
        {
            var origins = Origins(configuration);
            policy.AllowAnyHeader().AllowAnyMethod().WithExposedHeaders("ETag", "Location", "Retry-After").SetPreflightMaxAge(TimeSpan.FromHours(2));
            if (origins.Contains("*"))
                policy.AllowAnyOrigin();
            else
                policy.WithOrigins(origins).AllowCredentials();
        }));
        return services;
    }

    /// <summary>The outermost part of the pipeline: whatever fails further in is answered as a problem.</summary>
    public static IApplicationBuilder UseProblems(this IApplicationBuilder app)
    {
        app.UseExceptionHandler(_ => { });
        return app.UseStatusCodePages(context =>
        {
            var status = context.HttpContext.Response.StatusCode;
            var (code, detail) = ProblemHandler.Default(status);
            return Problem.WriteAsync(context.HttpContext, status, code, detail);
        });
    }

    /// <summary>The same form for what is kept as JSON and given back later.</summary>
    public static readonly JsonSerializerOptions Json = Configured();

    /// <summary>How every answer is written and every definition read.</summary>
    public static void Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
        // jsonb reorders members, so the kind of a node may come after its siblings.
        options.AllowOutOfOrderMetadataProperties = true;
        options.AllowDuplicateProperties = false;
        options.RespectNullableAnnotations = true;
        options.RespectRequiredConstructorParameters = true;
        options.NumberHandling = JsonNumberHandling.Strict;
        // Conditions nest, without a limit of their own; this is where reading stops being safe on a thread's stack.
        // Condition trees and their explanations nest as deep as the language allows.
        options.MaxDepth = StrictJson.MaxDepth;
    }

    private static JsonSerializerOptions Configured()
    {
        var options = new JsonSerializerOptions();
        Configure(options);
        return options;
    }

    /// <summary><c>Cors:Origins</c>: a list, or one text separated by commas.</summary>
    private static string[] Origins(IConfiguration configuration) =>
        configuration.GetSection("Cors:Origins").Get<string[]>()
        ?? (configuration["Cors:Origins"] ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>Switches off MVC's validation of what a body contains.</summary>
    private sealed class NoDescent : IValidationMetadataProvider
    {
        public void CreateValidationMetadata(ValidationMetadataProviderContext context) =>
            context.ValidationMetadata.ValidateChildren = false;
    }
}
