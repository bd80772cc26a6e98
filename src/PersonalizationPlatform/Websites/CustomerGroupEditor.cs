using Microsoft.EntityFrameworkCore;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Definitions;
using PersonalizationPlatform.Http;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Websites;

/// <summary>Every change of a customer group.</summary>
public sealed class CustomerGroupEditor(PlatformDb db, DefinitionChanges changes, TimeProvider time)
{
    /// <summary>Adobe Commerce writes 32000 for "all groups".</summary>
    public const int MaxNumber = 31_999;

    /// <summary>Creates or renames a group. 400 <c>customerGroup.invalid</c>, 409 <c>customerGroup.codeTaken</c>, 412.</summary>
    public Task<StoredCustomerGroup> PutAsync(
        int number, CustomerGroupRequest request, EntityVersion version, CancellationToken cancellationToken) => changes.InOneStepAsync(async () =>
    {
        var errors = new List<ProblemError>();
        if (number is < 0 or > MaxNumber)
            errors.Add(new("$.number", "customerGroup.number", $"number must be 0 to {MaxNumber}."));
        if (string.IsNullOrWhiteSpace(request.Code) || request.Code.Length > 255)
            errors.Add(new("$.code", "customerGroup.code", "code must have 1 to 255 characters."));
        if (errors.Count > 0)
            throw new ProblemException(400, "customerGroup.invalid", "The customer group is not right in the places listed.", errors);

        var code = request.Code.Trim();
        var group = await db.Set<StoredCustomerGroup>().SingleOrDefaultAsync(group => group.Number == number, cancellationToken);
        if (group is not null)
            version.Demand(group.Version);
        if (await db.Set<StoredCustomerGroup>().AnyAsync(other => other.Number != number && other.Code.ToLower() == code.ToLower(), cancellationToken))
        {
            throw new ProblemException(
                409, "customerGroup.codeTaken", "Another customer group has this code.", [new("$.code", "customerGroup.codeTaken", "A code belongs to one group.")]);
        }

        if (group is null)
            db.Add(group = new() { Number = number, Code = code });
        group.Code = code;
        group.Version++;
        group.UpdatedAt = time.Now();
        await changes.PublishAsync(cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        return group;
    }, cancellationToken);

    /// <summary>404, 412, 409 <c>customerGroup.notLoggedIn</c> for the group 0.</summary>
    public Task<bool> DeleteAsync(int number, EntityVersion version, CancellationToken cancellationToken) => changes.InOneStepAsync(async () =>
    {
        if (number == 0)
            throw new ProblemException(409, "customerGroup.notLoggedIn", "Group 0 is everybody who is not logged in; it stays.");
        var group = await db.Set<StoredCustomerGroup>().SingleOrDefaultAsync(group => group.Number == number, cancellationToken)
            ?? throw ProblemException.NotFound("customer group with this number");
        version.Demand(group.Version);
        db.Remove(group);
        await changes.PublishAsync(cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        return true;
    }, cancellationToken);
}
