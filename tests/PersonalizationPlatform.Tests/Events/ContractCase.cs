using System.Text.Json;
using System.Text.Json.Nodes;

namespace PersonalizationPlatform.Tests.Events;

/// <summary>A recorded client request and what must become of it; the files are in <c>tests/contracts</c>.</summary>
public sealed record ContractCase(string Name, ContractSource Source, ContractRequest Request, ContractExpectation Expect)
{
    /// <summary>Every case of one client, by file name.</summary>
    public static IReadOnlyList<ContractCase> All(string client) =>
        [.. Directory.EnumerateFiles(Path.Combine(Root(), "tests", "contracts", client), "*.json").Order(StringComparer.Ordinal).Select(Read)];

    private static ContractCase Read(string file) => JsonSerializer.Deserialize<ContractCase>(File.ReadAllText(file), JsonSerializerOptions.Web)!;

    internal static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "PersonalizationPlatform.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The tests run outside their repository.");
    }
}

/// <param name="Client">Which client sent it.</param>
/// <param name="Label">What it was doing.</param>
public sealed record ContractSource(string Client, string Label);

/// <param name="Path">The door it is posted to.</param>
/// <param name="BodyText">The exact body as it was sent.</param>
public sealed record ContractRequest(string Path, string BodyText);

/// <param name="Answer">The answer's JSON.</param>
/// <param name="Events">What <see cref="EventPicture"/> shows of each event, in order.</param>
public sealed record ContractExpectation(JsonObject Answer, JsonArray Events);
