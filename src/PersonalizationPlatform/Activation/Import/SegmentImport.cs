using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PersonalizationPlatform.Conditions;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Definitions;
using PersonalizationPlatform.Http;
using PersonalizationPlatform.Segments.Definitions;

namespace PersonalizationPlatform.Activation.Import;

/// <summary>
/// Takes over customer segments, which Adobe Commerce's REST API gives without conditions: as external segments nobody is in until
/// somebody gives them a condition or a list. Of one that is known only the name is updated.
/// </summary>
internal sealed class SegmentImport(PlatformDb db, SegmentEditor editor, WebsiteNumbers websites)
{
    private const int MaxName = 200;
    private const int MaxDescription = 2_000;

    private static readonly string[] Aside = ["uid", "number_of_customers", "extension_attributes"];

    public async Task TakeAsync(IReadOnlyList<ImportItem> segments, ImportStep step, CancellationToken cancellationToken)
    {
        foreach (var item in segments)
            await step.TakeAsync(item, (json, path) => TakeAsync(json, path, cancellationToken), cancellationToken);
    }

    private async Task<Taken> TakeAsync(JsonElement json, JsonPath path, CancellationToken cancellationToken)
    {
        var notes = new List<ImportNote>();
        var members = new MemberReader(json, path, notes);
        var id = (members.Text("id") ?? members.Text("segment_id"))?.Trim();
        var name = Cut(members, "name", MaxName);
        if (string.IsNullOrEmpty(id))
            members.Refuse("id", "segment.id", "A segment is known by its id.");
        if (string.IsNullOrEmpty(name))
            members.Refuse("name", "segment.name", "A segment needs a name.");
        var description = Cut(members, "description", MaxDescription);
        var applyTo = AppliesTo(members);
        var isActive = members.Truth("is_active");
        var website = await WebsiteAsync(members, cancellationToken);
        foreach (var aside in Aside)
            members.Raw(aside);
        foreach (var other in members.Others())
            members.Note(other, "segment.notCarried", $"The member {ConditionJson.Shorten(other)} has no counterpart and is left out.");
        if (members.HasFailed)
            return Taken.Refused(id, notes);

        var known = await db.Set<SegmentDefinition>().AsNoTracking()
            .SingleOrDefaultAsync(segment => segment.ExternalId == id && segment.Status != DefinitionStatus.Archived, cancellationToken);
        if (known?.External != false)
        {
            notes.Add(new(
                "segment.external", "Adobe Commerce's REST API gives segments without their conditions: nobody is in this one until it is given a condition or a list here.",
                path.ToString()));
        }

        if (known is not null)
            return await RenameAsync(known, name!, notes, cancellationToken);
        var created = await editor.CreateAsync(
            new()
            {
                Name = name!,
                Description = description,
                Status = isActive ? DefinitionStatus.Live : DefinitionStatus.Draft,
                ApplyTo = applyTo,
                Website = website,
                ExternalId = id,
                External = true,
            }, cancellationToken);
        return new(ImportOutcome.Created, id, created.Id.Value, notes);
    }

    private async Task<Taken> RenameAsync(SegmentDefinition known, string name, List<ImportNote> notes, CancellationToken cancellationToken)
    {
        if (known.Name == name)
            return new(ImportOutcome.Unchanged, known.ExternalId, known.Id.Value, notes);
        await editor.UpdateAsync(known.Id, SegmentCollection.Request(known) with { Name = name }, EntityVersion.Of(null), cancellationToken);
        return new(ImportOutcome.Updated, known.ExternalId, known.Id.Value, notes);
    }

    private static string? Cut(MemberReader members, string member, int max)
    {
        var text = members.Text(member)?.Trim();
        if (text?.Length > max)
        {
            members.Note(member, "value.cut", $"{member} has at most {max} characters here; the rest is left out.");
            return text[..(char.IsHighSurrogate(text[max - 1]) ? max - 1 : max)];
        }

        return string.IsNullOrEmpty(text) ? null : text;
    }

    private static ApplyTo AppliesTo(MemberReader members)
    {
        switch (members.Text("apply_to"))
        {
            case null or "" or "0":
                return ApplyTo.Both;
            case "1":
                return ApplyTo.Registered;
            case "2":
                return ApplyTo.Visitors;
            default:
                members.Refuse("apply_to", "value.invalid", "apply_to is 0 (visitors and registered), 1 (registered) or 2 (visitors).");
                return ApplyTo.Both;
        }
    }

    private async Task<string?> WebsiteAsync(MemberReader members, CancellationToken cancellationToken)
    {
        var numbers = members.Wholes("associated_websites");
        if (numbers.Count == 0)
            numbers = members.Wholes("website_ids");
        if (numbers.Count > 1)
            members.Note("associated_websites", "segment.websites", "A segment answers for one website or for every one; this one, of several, answers for every one.");
        if (numbers.Count != 1)
            return null;
        await websites.EnsureAsync([numbers[0].ToString(System.Globalization.CultureInfo.InvariantCulture)], cancellationToken);
        return websites.CodeOf(numbers[0]);
    }
}
