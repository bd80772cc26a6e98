using Npgsql;
using PersonalizationPlatform.Profiles.Erasure;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Events.Doors;

/// <summary>
/// Erases the persons whose accounts the shop says it has deleted (<c>accountDeleted</c>). Done after the event is committed and before
/// it is answered: whoever gets no answer sends it again, and what was not erased the first time is erased then.
/// </summary>
public sealed class AccountDeletions(NpgsqlDataSource database, ProfileErasure erasure, IdentityHash hash)
{
    /// <summary>Without a time an event counts when it was first received, however often it is repeated.</summary>
    private const string FirstReceivedSql = "select max(received_at) from untimed_event where identity_id = $1 and key = $2";

    /// <summary>Erases whom the deletions among these events name, unless they were erased since.</summary>
    /// <param name="events">Committed, or known as repeats.</param>
    /// <param name="receivedAt">When they were received.</param>
    /// <param name="cancellationToken">Ends it between two persons.</param>
    public async Task FollowAsync(IReadOnlyList<CustomerEvent> events, DateTimeOffset receivedAt, CancellationToken cancellationToken)
    {
        foreach (var e in events)
        {
            if (e.Kind != EventKinds.AccountDeleted || e.Door == EventDoor.Storefront || e.Identities.Count == 0)
                continue;
            var at = e.OccurredAt ?? await FirstReceivedAsync(e, cancellationToken) ?? receivedAt;
            foreach (var person in e.Identities.Where(i => i.IsPerson))
                if (!await erasure.IsErasedSinceAsync(person, at < receivedAt ? at : receivedAt, cancellationToken))
                    await erasure.EraseAsync(person, cancellationToken);
        }
    }

    private async Task<DateTimeOffset?> FirstReceivedAsync(CustomerEvent e, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(FirstReceivedSql);
        command.Parameters.Add(new NpgsqlParameter { Value = hash.Of(e.Identities[0]).Value });
        command.Parameters.Add(new NpgsqlParameter { Value = e.Key.Value });
        return await command.ExecuteScalarAsync(cancellationToken) is DateTime at ? new DateTimeOffset(at, TimeSpan.Zero) : null;
    }
}
