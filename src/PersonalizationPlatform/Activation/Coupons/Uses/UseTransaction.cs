using Npgsql;
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
    private readonly Dictionary<CouponReference, (CouponReference? Became, bool IsNew)> references = [];
    private readonly Dictionary<(CouponReference Reference, UseKey Key), CouponUse> before = [];
    private readonly Dictionary<(CouponReference Reference, UseKey Key), CouponUse> now = [];
    private readonly Dictionary<UseKey, UseCount> counts = [];
    private readonly Dictionary<(Guid Customer, UseKey Key), int> byCustomer = [];
    private readonly Dictionary<CouponReference, CouponReference?> becoming = [];

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

    /// <summary>Whether nothing was known of the cart or order before.</summary>
    public bool IsNew(CouponReference reference) => references[reference].IsNew;

    /// <summary>The order a cart was placed as.</summary>
    public CouponReference? Became(CouponReference reference) => references[reference].Became;

    /// <summary>Locks the customers, then the codes: those given and those that the carts and orders hold. Reads what is counted.</summary>
    public async Task LockAsync(IReadOnlyCollection<UseKey> wanted, Guid? customer, CancellationToken cancellationToken)
    {
        var keys = wanted.ToHashSet();
        var customers = new HashSet<Guid>();
        if (customer is { } asking)
            customers.Add(asking);
        var own = references.Keys.Select(reference => reference.Value).ToArray();
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

    /// <summary>The uses of a cart or order, as they stand with what was put so far.</summary>
    public IReadOnlyList<CouponUse> Of(CouponReference reference) => [.. now.Values.Where(use => use.Reference == reference)];

    public CouponUse? Find(CouponReference reference, UseKey key) => now.GetValueOrDefault((reference, key));

    /// <summary>Uses of a code by others than a cart or order.</summary>
    public int Others(UseKey key, CouponReference except) =>
        counts.GetValueOrDefault(key).Total - (before.GetValueOrDefault((except, key))?.Counts == true ? 1 : 0);

    /// <summary>Uses by a customer elsewhere than in the carts and orders of this change.</summary>
    public int ByCustomerElsewhere(Guid? customer, UseKey key) => customer is { } id ? byCustomer.GetValueOrDefault((id, key)) : 0;

    public void Put(CouponUse use) => now[(use.Reference, use.Key)] = use;

    public void Remove(CouponUse use) => now.Remove((use.Reference, use.Key));

    /// <summary>The cart was placed as an order, or with null begins anew.</summary>
    public void Become(CouponReference cart, CouponReference? order) => becoming[cart] = order;

    /// <summary>Writes what was put; other than by this nothing takes effect.</summary>
    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        await using (var batch = Batch())
        {
            AddUses(batch);
            AddCounts(batch);
            foreach (var (cart, order) in becoming)
                batch.BatchCommands.Add(Command(UseStatements.Become, cart.Value, Uuid(order?.Value)));
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
            references[new(reader.GetGuid(0))] = (reader.IsDBNull(1) ? null : new CouponReference(reader.GetGuid(1)), reader.GetBoolean(2));
    }

    private async Task ReadUsesAsync(NpgsqlDataReader results, CancellationToken cancellationToken)
    {
        while (await results.ReadAsync(cancellationToken))
        {
            var use = new CouponUse(
                new(results.GetGuid(0)), new(results.GetGuid(1), results.GetString(2)), results.IsDBNull(3) ? null : results.GetGuid(3),
                Enum.Parse<UseState>(results.GetString(4), true), results.GetFieldValue<DateTimeOffset>(5))
            {
                Dropped = results.GetBoolean(6),
                ByEvents = results.GetBoolean(7),
            };
            // A code's uses have lapsed under its lock; a rule's are counted by their time alone.
            if (use.State == UseState.Reserved && use.ExpiresAt <= At)
                use = use with { State = UseState.Lapsed };
            before[(use.Reference, use.Key)] = now[(use.Reference, use.Key)] = use;
        }
    }

    private void AddUses(NpgsqlBatch batch)
    {
        var put = now.Values.Where(use => before.GetValueOrDefault((use.Reference, use.Key)) != use).ToList();
        if (put.Count > 0)
        {
            batch.BatchCommands.Add(Command(
                UseStatements.Put, put.Select(use => use.Reference.Value).ToArray(), put.Select(use => use.Key.Rule).ToArray(),
                put.Select(use => use.Key.CodeKey).ToArray(), Uuids([.. put.Select(use => use.Customer)]),
                put.Select(use => use.State.ToString().ToLowerInvariant()).ToArray(), put.Select(use => use.ExpiresAt).ToArray(),
                put.Select(use => use.Dropped).ToArray(), put.Select(use => use.ByEvents).ToArray(), At));
        }

        var gone = before.Keys.Where(key => !now.ContainsKey(key)).ToList();
        if (gone.Count > 0)
        {
            batch.BatchCommands.Add(Command(
                UseStatements.Remove, gone.Select(use => use.Reference.Value).ToArray(), gone.Select(use => use.Key.Rule).ToArray(),
                gone.Select(use => use.Key.CodeKey).ToArray()));
        }
    }

    private void AddCounts(NpgsqlBatch batch)
    {
        var changes = now.Values.Select(use => (use.Key, use.State, By: 1)).Concat(before.Values.Select(use => (use.Key, use.State, By: -1)))
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

    private NpgsqlBatch Batch(params NpgsqlBatchCommand[] commands)
    {
        var batch = new NpgsqlBatch(connection, transaction);
        foreach (var command in commands)
            batch.BatchCommands.Add(command);
        return batch;
    }
}
