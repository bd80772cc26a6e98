using Microsoft.EntityFrameworkCore;

namespace PersonalizationPlatform.Database;

/// <summary>
/// The number that goes up with every change of any definition or list. A membership is only trusted when judged under the
/// current one, and a node's cached definitions only when they were read under it.
/// </summary>
public static class DefinitionEpoch
{
    /// <summary>Takes the next epoch inside the caller's transaction; its row lock orders concurrent editors until commit.</summary>
    public static async Task<long> AdvanceAsync(PlatformDb db, CancellationToken cancellationToken)
    {
        var next = await db.Database.SqlQueryRaw<long>(
            """update epoch set value = value + 1 where name = 'definitions' returning value as "Value" """).ToListAsync(cancellationToken);
        return next.Single();
    }
}
