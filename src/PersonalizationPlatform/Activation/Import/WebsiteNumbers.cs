using System.Globalization;
using Microsoft.EntityFrameworkCore;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Http;
using PersonalizationPlatform.Websites;

namespace PersonalizationPlatform.Activation.Import;

/// <summary>Websites by the numbers other systems know them by; one nobody has described is created with the number as its code.</summary>
internal sealed class WebsiteNumbers(PlatformDb db, WebsiteEditor editor)
{
    /// <summary>No shop has so many; a body that names more is broken.</summary>
    private const int MaxCreated = 1_000;
    private const int MaxNumber = 1_000_000;

    private readonly Dictionary<int, string> codes = [];
    private readonly List<(int Number, string Code)> news = [];
    private bool read;
    private int created;

    /// <summary>The code of a website that was ensured.</summary>
    public string CodeOf(int number) => codes[number];

    /// <summary>Makes sure of the websites with these numbers; texts that are none are somebody else's to refuse. 400 <c>website.number</c>.</summary>
    public async Task EnsureAsync(IEnumerable<string> numbers, CancellationToken cancellationToken)
    {
        if (!read)
        {
            foreach (var website in await db.Set<StoredWebsite>().AsNoTracking().Select(website => new { website.Number, website.Code }).ToListAsync(cancellationToken))
                codes[website.Number] = website.Code;
            read = true;
        }

        foreach (var text in numbers)
        {
            if (!int.TryParse(text, CultureInfo.InvariantCulture, out var number) || number < 0 || codes.ContainsKey(number))
                continue;
            if (number > MaxNumber || ++created > MaxCreated)
                throw ProblemException.Invalid("website.number", $"A website's number is at most {MaxNumber}, and an import creates at most {MaxCreated} of them.");
            codes[number] = await editor.EnsureAsync(number, cancellationToken);
            news.Add((number, codes[number]));
        }
    }

    /// <summary>The websites that were created since this was asked last, to be told once.</summary>
    public IReadOnlyList<(int Number, string Code)> TakeNew()
    {
        (int, string)[] taken = [.. news];
        news.Clear();
        return taken;
    }

    /// <summary>Forgets what it made sure of: it may have been taken back.</summary>
    public void Forget()
    {
        codes.Clear();
        news.Clear();
        read = false;
    }
}
