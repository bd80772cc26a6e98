using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.OpenApi;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Hosting;

/// <summary>Puts <see cref="RequestExampleAttribute"/>s into the description of the API.</summary>
internal static class OpenApiExamples
{
    public static void Add(OpenApiOperation operation, ControllerActionDescriptor action)
    {
        foreach (var example in action.MethodInfo.GetCustomAttributes(typeof(RequestExampleAttribute), inherit: false).Cast<RequestExampleAttribute>())
        {
            var isJson = example.MediaType == "application/json";
            operation.RequestBody ??= new OpenApiRequestBody { Required = true, Content = new Dictionary<string, OpenApiMediaType>() };
            var content = operation.RequestBody.Content!;
            if (!content.TryGetValue(example.MediaType, out var described))
            {
                content[example.MediaType] = described = new OpenApiMediaType
                {
                    Schema = isJson ? new OpenApiSchema() : new OpenApiSchema { Type = JsonSchemaType.String },
                };
            }

            described.Example = isJson ? JsonNode.Parse(example.Body) : JsonValue.Create(example.Body);
        }
    }
}
