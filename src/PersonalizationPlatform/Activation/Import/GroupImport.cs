using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PersonalizationPlatform.Conditions;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Http;
using PersonalizationPlatform.Websites;

namespace PersonalizationPlatform.Activation.Import;

/// <summary>Takes over customer groups; they keep their numbers.</summary>
internal sealed class GroupImport(PlatformDb db, CustomerGroupEditor editor)
{
    /// <summary>Begins what stands in the place of a code that was given up and not yet replaced; no shop's code does.</summary>
    private const string Aside = "\u0001";

    private static readonly string[] LeftOut = ["tax_class_id", "tax_class_name", "extension_attributes"];

    public async Task TakeAsync(IReadOnlyList<ImportItem> groups, ImportStep step, CancellationToken cancellationToken)
    {
        var givers = await GiversAsync(groups, cancellationToken);
        await step.ChangingPlacesAsync(
            givers,
            () => db.Set<StoredCustomerGroup>().Where(group => givers.Contains(group.Number))
                .ExecuteUpdateAsync(row => row.SetProperty(group => group.Code, group => Aside + group.Code), cancellationToken),
            async () =>
            {
                foreach (var item in groups)
                    await step.TakeAsync(item, (json, path) => TakeAsync(json, path, cancellationToken), cancellationToken);
            },
            async () => await db.Set<StoredCustomerGroup>().Where(group => givers.Contains(group.Number) && group.Code.StartsWith(Aside)).Select(group => group.Number).ToListAsync(cancellationToken),
            cancellationToken);
    }

    /// <summary>Groups that have another code in the body, while the code they have here goes to another group of it.</summary>
    private async Task<HashSet<int>> GiversAsync(IReadOnlyList<ImportItem> groups, CancellationToken cancellationToken)
    {
        var given = new Dictionary<int, string>();
        foreach (var item in groups)
        {
            if (int.TryParse(item.Id, CultureInfo.InvariantCulture, out var number) && item.Read(json => CodeOf(new(json, new(null, item.Path, -1), []))) is { } code)
                given[number] = code;
        }

        var taken = given.Values.ToHashSet(StringComparer.OrdinalIgnoreCase);
        var known = await db.Set<StoredCustomerGroup>().AsNoTracking().Where(group => given.Keys.Contains(group.Number)).ToListAsync(cancellationToken);
        return [.. known.Where(group => taken.Contains(group.Code) && !string.Equals(given[group.Number], group.Code, StringComparison.OrdinalIgnoreCase)).Select(group => group.Number)];
    }

    private static string? CodeOf(MemberReader members) => (members.Text("code") ?? members.Text("customer_group_code"))?.Trim();

    private async Task<Taken> TakeAsync(JsonElement json, JsonPath path, CancellationToken cancellationToken)
    {
        var notes = new List<ImportNote>();
        var members = new MemberReader(json, path, notes);
        var number = members.Whole("id");
        var code = CodeOf(members);
        if (number is null or < 0 or > CustomerGroupEditor.MaxNumber)
            members.Refuse("id", "customerGroup.number", $"A customer group is known by its id, 0 to {CustomerGroupEditor.MaxNumber}.");
        if (string.IsNullOrEmpty(code))
            members.Refuse("code", "customerGroup.code", "A customer group needs a code.");
        foreach (var aside in LeftOut)
            members.Raw(aside);
        foreach (var other in members.Others())
            members.Note(other, "customerGroup.notCarried", $"The member {ConditionJson.Shorten(other)} has no counterpart and is left out.");
        var id = members.Text("id");
        if (members.HasFailed)
            return Taken.Refused(id, notes);
        var known = await db.Set<StoredCustomerGroup>().AsNoTracking().SingleOrDefaultAsync(group => group.Number == number, cancellationToken);
        if (known?.Code == code)
            return new(ImportOutcome.Unchanged, id, null, notes);
        await editor.PutAsync(number!.Value, new() { Code = code! }, EntityVersion.Of(null), cancellationToken);
        return new(known is null ? ImportOutcome.Created : ImportOutcome.Updated, id, null, notes);
    }
}
