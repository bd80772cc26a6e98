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
    private static readonly string[] Aside = ["tax_class_id", "tax_class_name", "extension_attributes"];

    public async Task TakeAsync(IReadOnlyList<ImportItem> groups, ImportStep step, CancellationToken cancellationToken)
    {
        foreach (var item in groups)
            await step.TakeAsync(item, (json, path) => TakeAsync(json, path, cancellationToken), cancellationToken);
    }

    private async Task<Taken> TakeAsync(JsonElement json, JsonPath path, CancellationToken cancellationToken)
    {
        var notes = new List<ImportNote>();
        var members = new MemberReader(json, path, notes);
        var number = members.Whole("id");
        var code = (members.Text("code") ?? members.Text("customer_group_code"))?.Trim();
        if (number is null)
            members.Refuse("id", "customerGroup.number", "A customer group is known by its id.");
        if (string.IsNullOrEmpty(code))
            members.Refuse("code", "customerGroup.code", "A customer group needs a code.");
        foreach (var aside in Aside)
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
