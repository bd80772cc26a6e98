using Npgsql;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Http;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Profiles.Erasure;

/// <summary>What an erasure removed. Holds no values.</summary>
/// <param name="Profile">The profile that was erased.</param>
/// <param name="Events">Events deleted.</param>
/// <param name="Redacted">Events of others from which erased values were taken.</param>
public sealed record ErasureReport(ProfileId Profile, int Events, int Redacted);

/// <summary>
/// Erases a person: history, attributes, orders, memberships, lists, refused events, and every value by which it could be known.
/// What is posted again from before the erasure is answered as a duplicate; what comes after starts a profile with a new id.
/// </summary>
public sealed partial class ProfileErasure(NpgsqlDataSource database, IdentityHash hash, TimeProvider time, ILogger<ProfileErasure> logger)
{
    private const int MaxAttempts = 10;

    /// <summary>Erases whoever the identity belongs to now; null when it was never seen.</summary>
    public async Task<ErasureReport?> EraseAsync(Identity identity, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var connection = await database.OpenConnectionAsync(cancellationToken);
                await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
                var outcome = await EraseAsync(new Step(connection, transaction, cancellationToken), hash.Of(identity).Value);
                if (outcome is Outcome.Overtaken)
                {
                    if (attempt < MaxAttempts)
                        continue;
                    throw new ProblemException(503, "erasure.overtaken", "Whose identity this is changes too fast; nothing was erased. Try again.") { RetryAfterSeconds = 1 };
                }

                if (outcome is not Outcome.Erased erased)
                    return null;
                LogErased(logger, erased.Report.Events, erased.Report.Redacted);
                return erased.Report;
            }
            catch (PostgresException e) when (Overtaken.Is(e) && attempt < MaxAttempts)
            {
                // Rolled back whole; the next attempt reads again who is concerned.
            }
        }
    }

    /// <summary>Whether the identity was erased at or after an instant, so that asking again for what happened before it changes nothing.</summary>
    public async Task<bool> IsErasedSinceAsync(Identity identity, DateTimeOffset at, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("select erased_at >= $2 from identity where identity_id = $1");
        command.Parameters.Add(new NpgsqlParameter { Value = hash.Of(identity).Value });
        command.Parameters.Add(new NpgsqlParameter { Value = at });
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    private async Task<Outcome?> EraseAsync(Step step, Guid identity)
    {
        if (await step.ScalarAsync(ErasureSql.Owner, identity) is not Guid profile)
            return null;
        await step.RunAsync(ErasureSql.Tombstone, profile, time.Now());
        var (spans, rows) = await LockAsync(step, profile);
        if (!spans.Any(s => s.Identity == identity))
            return new Outcome.Overtaken();

        // Erased before, and nothing known since.
        if (rows.All(r => r.Value is null))
            return null;

        // Taken under the locks, and not before anything known, for another node's clock may be ahead: whatever is deleted below
        // happened before the erasure, and is recognised when it comes again.
        var now = rows.Select(r => r.Latest).OfType<DateTimeOffset>().Append(time.Now()).Max();
        var persons = spans.Where(s => s.Person).Select(s => s.Identity).Distinct().ToArray();
        var open = spans.Where(s => s.UntilAt is null).Select(s => s.Identity).Distinct().ToArray();
        var orders = await step.GuidsAsync(ErasureSql.OwnedOrders, Rows(spans));
        var events = await step.RunAsync(ErasureSql.Events, Rows(spans));
        var redacted = await step.RunAsync(ErasureSql.OrderEvents, orders.ToArray());
        await step.RunAsync(ErasureSql.MarkOthers, orders.ToArray(), Ids(spans));
        await step.RunAsync(ErasureSql.Orders, orders.ToArray());
        await step.RunAsync(ErasureSql.OrderParts, Rows(spans));
        await step.RunAsync(ErasureSql.Attributes, Rows(spans));
        await step.RunAsync(ErasureSql.Lists, open);
        var named = rows.Where(r => persons.Contains(r.Id)).Select(r => r.Value).OfType<string>().ToArray();
        redacted += await RedactAsync(step, persons, named);
        await step.RunAsync(ErasureSql.Links, persons);
        await step.RunAsync(ErasureSql.SignIns, persons);
        await step.RunAsync(ErasureSql.Persons, persons, now);
        await step.RunAsync(ErasureSql.Devices, [.. Rows(spans), now]);
        await step.RunAsync(ErasureSql.Kinds, Ids(spans));
        await step.RunAsync(ErasureSql.RecountKinds, Ids(spans));
        await step.RunAsync(ErasureSql.Refused, Ids(spans), named.Where(v => v.Length >= 6).ToArray());
        await step.RunAsync(ErasureSql.StoredAnswers, [named.Where(v => v.Length >= 6).ToArray()]);
        // Also the profiles that were joined into this one: the visitor its devices were, the person an e-mail was.
        var begun = spans.Where(s => s.FromAt is null).Select(s => s.Identity).ToHashSet();
        var profiles = rows.Where(r => begun.Contains(r.Id)).Select(r => r.OwnProfile).Append(profile).Distinct().Order().ToArray();
        foreach (var joined in profiles)
            await step.RunAsync(ErasureSql.Tombstone, joined, now);
        await step.RunAsync(ErasureSql.Memberships, profiles);
        await step.CommitAsync(ErasureSql.Log, profiles, profile, now);
        return new Outcome.Erased(new ErasureReport(new ProfileId(profile), events, redacted));
    }

    /// <summary>
    /// Locks everything the profile has. Once its persons are locked nobody can sign in as them any more, so that the devices found
    /// then are all; taking those late may wait in a circle with an append, which the database breaks and the caller repeats.
    /// </summary>
    private static async Task<(IReadOnlyList<IdentitySpan> Spans, IReadOnlyList<LockedIdentity> Rows)> LockAsync(Step step, Guid profile)
    {
        var spans = await step.SpansAsync(profile);
        while (true)
        {
            var ids = Ids(spans);
            await step.RunAsync(ErasureSql.LockOrders, ids);
            var rows = await step.LockAsync(ids);
            spans = await step.SpansAsync(profile);
            if (Ids(spans).ToHashSet().IsSubsetOf(ids))
                return (spans, rows);
        }
    }

    /// <summary>Events that belong to somebody else and name the erased person beside them keep everything but those values.</summary>
    private static async Task<int> RedactAsync(Step step, Guid[] persons, string[] values)
    {
        var digests = values.Where(v => v.Contains('@')).Select(v => Identity.TryCreate(IdentityNamespace.Email, v, out var email) ? email.Hashed : v);
        string[] taken = [.. values, .. digests];
        var named = await step.EventsAsync(ErasureSql.NamedElsewhere, persons);
        foreach (var e in named)
            await step.RunAsync(ErasureSql.Redact, e.Identity, e.OccurredAt, e.Key, Redaction.Of(e.Body, taken), Redaction.Of(e.Content, taken), e.Ids.Except(persons).ToArray());
        return named.Count;
    }

    private static Guid[] Ids(IReadOnlyList<IdentitySpan> spans) => [.. spans.Select(s => s.Identity).Distinct()];

    private static object[] Rows(IReadOnlyList<IdentitySpan> spans) =>
    [
        spans.Select(s => s.Identity).ToArray(), spans.Select(s => s.Person).ToArray(), spans.Select(s => s.FromAt).ToArray(),
        spans.Select(s => s.FromKey).ToArray(), spans.Select(s => s.UntilAt).ToArray(), spans.Select(s => s.UntilKey).ToArray(),
    ];

    [LoggerMessage(Level = LogLevel.Information, Message = "Erased a profile: {Events} events deleted, {Redacted} redacted")]
    private static partial void LogErased(ILogger logger, int events, int redacted);

    private abstract record Outcome
    {
        internal sealed record Erased(ErasureReport Report) : Outcome;

        internal sealed record Overtaken : Outcome;
    }
}
