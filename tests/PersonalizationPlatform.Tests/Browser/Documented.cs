using System.Text.RegularExpressions;
using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Browser;

/// <summary>Blocks of <c>docs/storefronts.md</c>, so that what it tells people to do is what the tests do.</summary>
internal static class Documented
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Snapshot.Root, "docs", "storefronts.md")).ReplaceLineEndings("\n");

    /// <param name="name">The word after the block's language.</param>
    public static string Block(string name)
    {
        var block = Regex.Match(Page, $@"^```\w+ {Regex.Escape(name)}\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline);
        Assert.True(block.Success, $"docs/storefronts.md has no block \"{name}\" any more.");
        return block.Groups[1].Value;
    }
}
