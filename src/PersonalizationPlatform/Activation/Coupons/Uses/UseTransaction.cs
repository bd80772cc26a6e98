using Npgsql;
using PersonalizationPlatform.Activation.Coupons.Orders;
using static PersonalizationPlatform.Activation.Coupons.Uses.UseStatements;

namespace PersonalizationPlatform.Activation.Coupons.Uses;

/// <summary>
/// One change of the uses of some carts and orders. Everything it counts by is locked before it is read, so that a limit holds exactly
/// however many ask at once; nothing takes effect before <see cref="CommitAsync"/>.
/// </summary>
internal sealed class UseTransaction : IAsyncDisposable
{
    private readonly NpgsqlConnection connection;
    private readonly NpgsqlTransaction transaction;
    private readonly Dictionary<CouponReference, CouponHolder> locked = [];
    private readonly Dictionary<CouponReference, CouponHolder> holders = [];
    private readonly Dictionary<(CouponReference Reference, UseKey Key), CouponUse> before = [];
    private readonly Dictionary<(CouponReference Reference, UseKey Key), CouponUse> said = [];
    private readonly Dictionary<UseKey, UseCount> counts = [];
    private readonly Dictionary<(Guid Customer, UseKey Key), int> byCustomer = [];

    private UseTransaction(NpgsqlConnection connection, NpgsqlTransaction transaction, DateTimeOffset at)
    {
        this.connection = connection;
        this.transaction = transaction;
        At = at;
    }

    public DateTimeOffset At { get; }

    /// <summary>For whatever else is read meanwhile: who waits here for a second connection could wait for those who wait for him.</summary>
    public NpgsqlConnection Connection => connection;

    /// <summary>Begins by locking the carts and orders; what comes next is <see cref="LockAsync"/>.</summary>
    public static async Task<UseTransaction> BeginAsync(
        NpgsqlDataSource database, IEnumerable<CouponReference> references, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var connection = await database.OpenConnectionAsync(cancellationToken);
        try
        {
            var begun = new UseTransaction(connection, await connection.BeginTransactionAsync(cancellationToken), at);
            await begun.LockReferencesAsync([.. references.Select(reference => reference.Value).Distinct()], cancellationToken);
            return begun;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>A cart or order that is locked, with what was noted so far.</summary>
    public CouponHolder Holder(CouponReference reference) => holders[reference];

    /// <summary>Notes what is so of a cart or order from now on.</summary>
    public void Hold(CouponHolder holder) => holders[holder.Reference] = holder;

    /// <summary>Locks the customers, then the codes: those given and those that the carts and orders hold. Reads what is counted.</summary>
    public async Task LockAsync(IEnumerable<UseKey> wanted, IEnumerable<Guid> asking, CancellationToken cancellationToken)
    {
        var keys = wanted.ToHashSet();
        var customers = asking.ToHashSet();
        var own = locked.Keys.Select(reference => reference.Value).ToArray();
        await using (var held = Batch(Command(Held, own)))
        {
            await using var reader = await held.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                keys.Add(new(reader.GetGuid(0), reader.GetString(1)));
                if (!reader.IsDBNull(2))
                    customers.Add(reader.GetGuid(2));
            }
        }

        var codes = keys.Where(key => key.IsCode).ToList();
        var (rules, texts) = (codes.Select(key => key.Rule).ToArray(), codes.Select(key => key.CodeKey).ToArray());
        await using var batch = Batch();
        foreach (var hash in customers.Select(id => BitConverter.ToInt32(id.ToByteArray())).Distinct().Order())
            batch.BatchCommands.Add(Command(LockCustomer, hash));
        var reads = batch.BatchCommands.Count;
        batch.BatchCommands.Add(Command(LockCodes, rules, texts));
        batch.BatchCommands.Add(Command(Lapse, rules, texts, At));
        batch.BatchCommands.Add(Command(UseStatements.Uses, own));
        batch.BatchCommands.Add(Command(Counts, rules, texts));
        batch.BatchCommands.Add(Command(ByCustomer, customers.ToArray(), keys.Select(key => key.Rule).Distinct().ToArray(), own, At));
        await using var results = await batch.ExecuteReaderAsync(cancellationToken);
        // Locks answer with a row each; what makes and lapses rows answers with none.
        for (var i = 0; i < reads; i++)
            await results.NextResultAsync(cancellationToken);
        await ReadUsesAsync(results, cancellationToken);
        await results.NextResultAsync(cancellationToken);
        while (await results.ReadAsync(cancellationToken))
            counts[new(results.GetGuid(0), results.GetString(1))] = new(results.GetInt32(2), results.GetInt32(3));
        await results.NextResultAsync(cancellationToken);
        while (await results.ReadAsync(cancellationToken))
            byCustomer[(results.GetGuid(0), new(results.GetGuid(1), results.GetString(2)))] = results.GetInt32(3);
    }

    /// <summary>The uses of a cart or order, as they stand by all that was noted so far.</summary>
    public IReadOnlyList<CouponUse> Of(CouponReference reference) =>
        UseStanding.Of(Holder(reference), [.. said.Values.Where(use => use.Reference == reference)], At);

    public CouponUse? Find(CouponReference reference, UseKey key) => Of(reference).FirstOrDefault(use => use.Key == key);

    /// <summary>Uses of a code by others than a cart or order.</summary>
    public int Others(UseKey key, CouponReference except) =>
        counts.GetValueOrDefault(key).Total - (before.GetValueOrDefault((except, key))?.Counts == true ? 1 : 0);

    /// <summary>Uses by a customer elsewhere than in the carts and orders of this change.</summary>
    public int ByCustomerElsewhere(Guid? customer, UseKey key) => customer is { } id ? byCustomer.GetValueOrDefault((id, key)) : 0;

    /// <summary>Notes what is said of a use; where it stands follows from that.</summary>
    public void Put(CouponUse use) => said[(use.Reference, use.Key)] = use;

    public void Remove(CouponUse use) => said.Remove((use.Reference, use.Key));

    /// <summary>Notes all that the events of an order say by now.</summary>
    public void Hear(CouponReference order, OrderSaid events)
    {
        var (holder, uses) = UseStanding.Hear(Holder(order), Of(order), events);
        Hold(holder);
        foreach (var use in uses)
            Put(use);
    }

    /// <summary>What is reserved is redeemed, and what an edit left out is given back.</summary>
    public void Confirm(CouponReference order)
    {
        foreach (var use in UseStanding.Confirm(Of(order), DateTimeOffset.MinValue))
            Put(use);
    }

    /// <summary>What was given back stays so, and what comes from now on counts again.</summary>
    public void BeginAnew(CouponReference reference)
    {
        if (!Holder(reference).Released)
            return;
        foreach (var use in Of(reference))
            Put(use with { Asked = UseAsked.Released, Dropped = false });
        Hold(Holder(reference) with { Released = false });
    }

    /// <summary>Gives everything back.</summary>
    public void Release(CouponReference reference) => Hold(Holder(reference) with { Released = true });

    /// <summary>Has events looked at that somebody stores just now, who cannot see yet that this order is one of ours.</summary>
    public async Task LookAgainAsync(CouponOrder order, CancellationToken cancellationToken)
    {
        if (!Holder(order.Reference).IsNew)
            return;
        await using var batch = Batch(Command(OrderNews.Put, order.EventIds.ToArray()));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Writes what was noted and where it stands by that; other than by this nothing takes effect.</summary>
    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        await using (var batch = Batch())
        {
            var now = locked.Keys.SelectMany(Of).ToList();
            AddUses(batch, now);
            AddCounts(batch, now);
            foreach (var holder in holders.Values.Where(holder => holder != locked[holder.Reference]))
            {
                batch.BatchCommands.Add(Command(
                    UseStatements.Hold, holder.Reference.Value, Uuid(holder.Became?.Value), holder.Released, Name(holder.Told), Uuid(holder.Customer),
                    holder.Heard, holder.HeardBefore));
            }

            if (batch.BatchCommands.Count > 0)
                await batch.ExecuteNonQueryAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
    }

    private async Task LockReferencesAsync(Guid[] asked, CancellationToken cancellationToken)
    {
        await using var batch = Batch(Command(LockReferences, asked, At));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var holder = new CouponHolder(new(reader.GetGuid(0)), reader.GetBoolean(1))
            {
                Became = reader.IsDBNull(2) ? null : new CouponReference(reader.GetGuid(2)),
                Released = reader.GetBoolean(3),
                Told = Enum.Parse<OrderTold>(reader.GetString(4), true),
                Customer = reader.IsDBNull(5) ? null : reader.GetGuid(5),
                Heard = reader.GetInt32(6),
                HeardBefore = reader.GetInt32(7),
            };
            locked[holder.Reference] = holders[holder.Reference] = holder;
        }
    }

    private async Task ReadUsesAsync(NpgsqlDataReader results, CancellationToken cancellationToken)
    {
        while (await results.ReadAsync(cancellationToken))
        {
            var use = new CouponUse(new(results.GetGuid(0)), new(results.GetGuid(1), results.GetString(2)))
            {
                Customer = results.IsDBNull(3) ? null : results.GetGuid(3),
                State = Enum.Parse<UseState>(results.GetString(4), true),
                Asked = Enum.Parse<UseAsked>(results.GetString(5), true),
                AskedBy = results.IsDBNull(6) ? null : results.GetGuid(6),
                ExpiresAt = results.GetFieldValue<DateTimeOffset>(7),
                Dropped = results.GetBoolean(8),
                Named = results.GetBoolean(9),
            };
            // A code's uses have lapsed under its lock; a rule's are counted by their time alone.
            if (use.State == UseState.Reserved && use.ExpiresAt <= At)
                use = use with { State = UseState.Lapsed };
            before[(use.Reference, use.Key)] = said[(use.Reference, use.Key)] = use;
        }
    }

    private void AddUses(NpgsqlBatch batch, List<CouponUse> now)
    {
        var put = now.Where(use => before.GetValueOrDefault((use.Reference, use.Key)) != use).ToList();
        if (put.Count > 0)
        {
            batch.BatchCommands.Add(Command(
                UseStatements.Put, put.Select(use => use.Reference.Value).ToArray(), put.Select(use => use.Key.Rule).ToArray(),
                put.Select(use => use.Key.CodeKey).ToArray(), Uuids([.. put.Select(use => use.Customer)]),
                put.Select(use => Name(use.State)).ToArray(), put.Select(use => Name(use.Asked)).ToArray(), Uuids([.. put.Select(use => use.AskedBy)]),
                put.Select(use => use.ExpiresAt).ToArray(), put.Select(use => use.Dropped).ToArray(), put.Select(use => use.Named).ToArray(), At));
        }

        var gone = before.Keys.Where(key => !said.ContainsKey(key)).ToList();
        if (gone.Count > 0)
        {
            batch.BatchCommands.Add(Command(
                UseStatements.Remove, gone.Select(use => use.Reference.Value).ToArray(), gone.Select(use => use.Key.Rule).ToArray(),
                gone.Select(use => use.Key.CodeKey).ToArray()));
        }
    }

    private void AddCounts(NpgsqlBatch batch, List<CouponUse> now)
    {
        var changes = now.Select(use => (use.Key, use.State, By: 1)).Concat(before.Values.Select(use => (use.Key, use.State, By: -1)))
            .Where(change => change.Key.IsCode).GroupBy(change => change.Key)
            .Select(code => (
                code.Key, Redeemed: code.Sum(change => change.State == UseState.Redeemed ? change.By : 0),
                Reserved: code.Sum(change => change.State == UseState.Reserved ? change.By : 0)))
            .Where(change => change.Redeemed != 0 || change.Reserved != 0).ToList();
        if (changes.Count == 0)
            return;
        batch.BatchCommands.Add(Command(
            Count, changes.Select(change => change.Key.Rule).ToArray(), changes.Select(change => change.Key.CodeKey).ToArray(),
            changes.Select(change => change.Redeemed).ToArray(), changes.Select(change => change.Reserved).ToArray()));
    }

    private static string Name<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();

    private NpgsqlBatch Batch(params NpgsqlBatchCommand[] commands)
    {
        var batch = new NpgsqlBatch(connection, transaction);
        foreach (var command in commands)
            batch.BatchCommands.Add(command);
        return batch;
    }
}
