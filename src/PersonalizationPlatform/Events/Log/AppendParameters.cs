using System.Text;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Events.Log;

/// <summary>Turns prepared events into the arrays <see cref="AppendStatement.Append"/> takes.</summary>
internal static class AppendParameters
{
    internal static void Add(NpgsqlBatch batch, IReadOnlyList<PreparedEvent> events)
    {
        var append = new NpgsqlBatchCommand(AppendStatement.Append);
        AddEvents(append, events);
        AddOrderKeys(append, events);
        AddIdentities(append, events);
        AddFacts(append, events);
        batch.BatchCommands.Add(append);
        AddForgetOrders(batch, events);
        AddNames(batch, [.. events.Where(e => e.NamesWhenStored)]);
        AddRelink(batch, events);
    }

    private static void AddEvents(NpgsqlBatchCommand command, IReadOnlyList<PreparedEvent> events)
    {
        Array(command, NpgsqlDbType.Integer, events.Select((_, n) => n));
        Array(command, NpgsqlDbType.Uuid, events.Select(e => e.Identity));
        Array(command, NpgsqlDbType.TimestampTz, events.Select(e => e.OccurredAt));
        Array(command, NpgsqlDbType.Uuid, events.Select(e => e.Key));
        Array(command, NpgsqlDbType.TimestampTz, events.Select(e => e.CountsAt));
        Array(command, NpgsqlDbType.TimestampTz, events.Select(e => e.ReceivedAt));
        Array(command, NpgsqlDbType.Smallint, events.Select(e => (short)e.Event.Door));
        Array(command, NpgsqlDbType.Text, events.Select(e => e.Event.Id));
        Array(command, NpgsqlDbType.Text, events.Select(e => e.Event.Kind));
        Array(command, NpgsqlDbType.Text, events.Select(e => e.Content.EventType));
        Array(command, NpgsqlDbType.Text, events.Select(e => e.Content.Website));
        Array(command, NpgsqlDbType.Text, events.Select(e => e.Content.StoreView));
        Array(command, NpgsqlDbType.Text, events.Select(e => Literal(e.Content.Items.Select(i => i.Sku).OfType<string>().Distinct())));
        Array(command, NpgsqlDbType.Text, events.Select(e => Literal(e.Content.Items.SelectMany(i => i.Categories).Distinct())));
        Array(command, NpgsqlDbType.Text, events.Select(e => e.Content.Order?.PurchaseId));
        Array(command, NpgsqlDbType.Numeric, events.Select(e => e.Value()));
        Array(command, NpgsqlDbType.Text, events.Select(e => e.Currency()));
        Array(command, NpgsqlDbType.Text, events.Select(e => Literal(e.Identities.Select(i => i.Id))));
        Array(command, NpgsqlDbType.Text, events.Select(e => e.ContentJson()));
        Array(command, NpgsqlDbType.Text, events.Select(e => e.BodyText()));
        Array(command, NpgsqlDbType.Boolean, events.Select(e => e.OptIn));
        Array(command, NpgsqlDbType.Uuid, events.Select(e => e.Slot));
    }

    private static void AddOrderKeys(NpgsqlBatchCommand command, IReadOnlyList<PreparedEvent> events)
    {
        var orders = events.Where(e => e.OrderId is not null).GroupBy(e => e.OrderId!.Value).ToList();
        Array(command, NpgsqlDbType.Uuid, orders.Select(o => o.Key));
        Array(command, NpgsqlDbType.Text, orders.Select(o => Literal(o.Select(e => e.Identity).Distinct())));
    }

    private static void AddIdentities(NpgsqlBatchCommand command, IReadOnlyList<PreparedEvent> events)
    {
        var touched = new Dictionary<Guid, Touch>();
        foreach (var e in events)
        {
            foreach (var (id, identity) in e.Identities)
            {
                if (!touched.TryGetValue(id, out var touch))
                    touched[id] = touch = new Touch { IsPerson = identity is { IsPerson: true }, FirstSeen = e.CountsAt, LastSeen = e.CountsAt };
                touch.See(e, identity);
            }

            foreach (var (device, _) in e.SignIns())
                touched[device].SignIn(e.CountsAt);
        }

        var rows = touched.ToList();
        Array(command, NpgsqlDbType.Uuid, rows.Select(r => r.Key));
        Array(command, NpgsqlDbType.Text, rows.Select(r => r.Value.Namespace));
        Array(command, NpgsqlDbType.Text, rows.Select(r => r.Value.Value));
        Array(command, NpgsqlDbType.Boolean, rows.Select(r => r.Value.IsPerson));
        Array(command, NpgsqlDbType.Boolean, rows.Select(r => r.Value.Known));
        Array(command, NpgsqlDbType.TimestampTz, rows.Select(r => r.Value.SignedInAt));
        Array(command, NpgsqlDbType.TimestampTz, rows.Select(r => r.Value.FirstSeen));
        Array(command, NpgsqlDbType.TimestampTz, rows.Select(r => r.Value.LastSeen));
        Array(command, NpgsqlDbType.Boolean, rows.Select(r => r.Value.Collect));
        Array(command, NpgsqlDbType.TimestampTz, rows.Select(r => r.Value.CollectAt));
        var pairs = events.SelectMany((e, n) => e.Identities.Select(i => (n, i.Id))).ToList();
        Array(command, NpgsqlDbType.Integer, pairs.Select(p => p.n));
        Array(command, NpgsqlDbType.Uuid, pairs.Select(p => p.Id));
    }

    private static void AddFacts(NpgsqlBatchCommand command, IReadOnlyList<PreparedEvent> events)
    {
        var signIns = events.SelectMany((e, n) => e.SignIns().Select(s => (n, s.Device, s.Person, e.Trusted))).ToList();
        Array(command, NpgsqlDbType.Integer, signIns.Select(s => s.n));
        Array(command, NpgsqlDbType.Uuid, signIns.Select(s => s.Device));
        Array(command, NpgsqlDbType.Uuid, signIns.Select(s => s.Person));
        Array(command, NpgsqlDbType.Boolean, signIns.Select(s => s.Trusted));

        var links = events.SelectMany((e, n) => e.Links().Select(l => (n, l.Alias, l.Customer, e.Trusted))).ToList();
        Array(command, NpgsqlDbType.Integer, links.Select(l => l.n));
        Array(command, NpgsqlDbType.Uuid, links.Select(l => l.Alias));
        Array(command, NpgsqlDbType.Uuid, links.Select(l => l.Customer));
        Array(command, NpgsqlDbType.Boolean, links.Select(l => l.Trusted));

        var parts = events.Select((e, n) => (e, n)).Where(p => p.e.OrderId is not null).ToList();
        Array(command, NpgsqlDbType.Integer, parts.Select(p => p.n));
        Array(command, NpgsqlDbType.Uuid, parts.Select(p => p.e.OrderId!.Value));
        Array(command, NpgsqlDbType.Boolean, parts.Select(p => p.e.Event.Identities.Count > 0));
        Array(command, NpgsqlDbType.Boolean, parts.Select(p => p.e.Trusted));
        Array(command, NpgsqlDbType.Text, parts.Select(p => JsonSerializer.Serialize(p.e.Content.Order!, EventContentJson.Default.OrderContent)));
        Array(command, NpgsqlDbType.Text, parts.Select(p => JsonSerializer.Serialize(p.e.Content.Items, EventContentJson.Default.IReadOnlyListLineItem)));

        var attributes = events.SelectMany((e, n) => e.Event.Attributes
            .Select(a => (n, a.Name, Value: a.Value.GetRawText(), Timed: e.Event.OccurredAt is not null, Choice: false))
            .Concat(e.Event.Consents.Select(c => (n, Name: "consent." + c.Purpose, Value: c.In ? "true" : "false", Timed: e.Event.OccurredAt is not null, Choice: e.ChoosesCollection))))
            .ToList();
        Array(command, NpgsqlDbType.Integer, attributes.Select(a => a.n));
        Array(command, NpgsqlDbType.Text, attributes.Select(a => a.Name));
        Array(command, NpgsqlDbType.Text, attributes.Select(a => a.Value));
        Array(command, NpgsqlDbType.Boolean, attributes.Select(a => a.Timed));
        Array(command, NpgsqlDbType.Boolean, attributes.Select(a => a.Choice));
    }

    private static void AddNames(NpgsqlBatch batch, IReadOnlyList<PreparedEvent> events)
    {
        if (events.Count == 0)
            return;
        var named = events.SelectMany(e => e.Identities.Where(i => i.Identity is not null).Select(i => (i.Id, Identity: i.Identity!, Event: e)))
            .OrderBy(n => n.Id).ToList();
        var name = new NpgsqlBatchCommand(AppendStatement.Name);
        Array(name, NpgsqlDbType.Uuid, named.Select(n => n.Id));
        Array(name, NpgsqlDbType.Text, named.Select(n => n.Identity.Namespace));
        Array(name, NpgsqlDbType.Text, named.Select(n => n.Identity.Value));
        Array(name, NpgsqlDbType.Uuid, named.Select(n => n.Event.Identity));
        Array(name, NpgsqlDbType.TimestampTz, named.Select(n => n.Event.OccurredAt));
        Array(name, NpgsqlDbType.Uuid, named.Select(n => n.Event.Key));
        batch.BatchCommands.Add(name);
        var forget = new NpgsqlBatchCommand(AppendStatement.Forget);
        Array(forget, NpgsqlDbType.Uuid, events.SelectMany(e => e.Identities.Select(i => i.Id)).Distinct());
        batch.BatchCommands.Add(forget);
    }

    private static void AddForgetOrders(NpgsqlBatch batch, IReadOnlyList<PreparedEvent> events)
    {
        var orders = events.Select(e => e.OrderId).OfType<Guid>().Distinct().ToList();
        if (orders.Count == 0)
            return;
        var forget = new NpgsqlBatchCommand(AppendStatement.ForgetOrders);
        Array(forget, NpgsqlDbType.Uuid, orders);
        batch.BatchCommands.Add(forget);
    }

    private static void AddRelink(NpgsqlBatch batch, IReadOnlyList<PreparedEvent> events)
    {
        var aliases = new HashSet<Guid>();
        var customers = new HashSet<Guid>();
        foreach (var e in events)
        {
            foreach (var (alias, _) in e.Links())
                aliases.Add(alias);
            if (!e.Trusted)
                continue;
            // What the back office now knows may undo what a storefront claimed.
            foreach (var (id, identity) in e.Identities)
                if (identity is { IsPerson: true })
                    _ = identity.Namespace == IdentityNamespace.CustomerId ? customers.Add(id) : aliases.Add(id);
        }

        if (aliases.Count == 0 && customers.Count == 0)
            return;
        foreach (var statement in new[] { AppendStatement.LockLinked, AppendStatement.Relink })
        {
            var command = new NpgsqlBatchCommand(statement);
            Array(command, NpgsqlDbType.Uuid, aliases);
            Array(command, NpgsqlDbType.Uuid, customers);
            batch.BatchCommands.Add(command);
        }
    }

    private static void Array<T>(NpgsqlBatchCommand command, NpgsqlDbType type, IEnumerable<T> values) =>
        command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Array | type, Value = values.ToArray() });

    /// <summary>A PostgreSQL array literal: rows of arrays cannot be sent as an array of arrays, whose parts would have to be equally long.</summary>
    private static string Literal(IEnumerable<Guid> values) => "{" + string.Join(',', values) + "}";

    private static string? Literal(IEnumerable<string> values)
    {
        StringBuilder? text = null;
        foreach (var value in values)
        {
            text = text is null ? new StringBuilder("{\"") : text.Append(",\"");
            text.Append(value.Replace("\\", "\\\\").Replace("\"", "\\\"")).Append('"');
        }

        return text?.Append('}').ToString();
    }

    private sealed class Touch
    {
        public required bool IsPerson { get; init; }
        public string? Namespace { get; private set; }
        public string? Value { get; private set; }
        public bool Known { get; private set; }
        public DateTimeOffset FirstSeen { get; set; }
        public DateTimeOffset LastSeen { get; set; }
        public DateTimeOffset? SignedInAt { get; private set; }
        public bool? Collect { get; private set; }
        public DateTimeOffset? CollectAt { get; private set; }

        public void See(PreparedEvent e, Identity? identity)
        {
            Known |= e.Trusted && identity is { IsPerson: true };
            FirstSeen = e.CountsAt < FirstSeen ? e.CountsAt : FirstSeen;
            LastSeen = e.CountsAt > LastSeen ? e.CountsAt : LastSeen;
            // A plain e-mail says more than its digest; both are this identity.
            if (!e.NamesWhenStored && (Namespace is null || identity?.Value.Contains('@') == true))
                (Namespace, Value) = (identity?.Namespace ?? IdentityNamespace.Anonymous, identity?.Value);
            foreach (var consent in e.Event.Consents)
                if (consent.Purpose == "collect" && (CollectAt is null || e.CountsAt >= CollectAt))
                    (Collect, CollectAt) = (consent.In, e.CountsAt);
        }

        public void SignIn(DateTimeOffset at) => SignedInAt = SignedInAt is { } known && known > at ? known : at;
    }
}
