using System.Text.Json;
using Npgsql;
using PersonalizationPlatform.Conditions;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Definitions;
using PersonalizationPlatform.Http;
using PersonalizationPlatform.Segments.Definitions;

namespace PersonalizationPlatform.Segments.Membership;

/// <summary>Counts a draft: judges every profile of a small shop, an even sample of a large one.</summary>
public sealed class SegmentEstimate(NpgsqlDataSource database, PlatformDb db, SegmentDefinitions definitions, SnapshotReader snapshots, TimeProvider time)
{
    private const int MaxSample = 4_000;
    private const int ChunkSize = 200;

    private const string PopulationSql = "select count(*) from profile where erased_at is null and cardinality(seen_ids) > 0";

    // Profile ids are hashes, so any stretch of them is an even sample; starting at random makes two estimates independent.
    private const string SampleSql = """
        (select profile_id from profile where erased_at is null and cardinality(seen_ids) > 0 and profile_id >= $1 order by profile_id limit $2)
        union all
        (select profile_id from profile where erased_at is null and cardinality(seen_ids) > 0 and profile_id < $1 order by profile_id limit $2)
        limit $2
        """;

    /// <summary>400 with JSON-path errors when the condition is not valid.</summary>
    public async Task<Estimate> RunAsync(EstimateRequest draft, CancellationToken cancellationToken)
    {
        var set = await definitions.CurrentAsync(cancellationToken);
        var condition = await ParseAsync(draft.Condition, cancellationToken);
        var all = WithReferences(Needs.Of(condition), set);
        var applyTo = draft.ApplyTo ?? ApplyTo.Both;
        var population = (long)(await ScalarAsync(PopulationSql, cancellationToken))!;
        var sample = await SampleAsync(cancellationToken);
        var now = time.GetUtcNow();
        long matched = 0;
        foreach (var chunk in sample.Chunk(ChunkSize))
            foreach (var snapshot in await snapshots.ReadAsync(chunk, all, cancellationToken))
            {
                var timeline = new Timeline(snapshot.Facts, set, snapshot.Spans.Count > 0, untimedAsKnown: true);
                var ofPopulation = applyTo == ApplyTo.Both || (applyTo == ApplyTo.Registered) == snapshot.Facts.IsRegistered;
                if (ofPopulation && condition.Evaluate(timeline.MomentAt(now, set.Websites.Of(draft.Website).Settings)).Matches)
                    matched++;
            }

        return Scale(matched, sample.Count, population);
    }

    /// <summary>A share with its Wilson interval, which also holds near none and near all.</summary>
    internal static Estimate Scale(long matched, long sampled, long population)
    {
        if (sampled == 0 || sampled >= population)
            return new Estimate(matched, matched, matched, sampled, Math.Max(population, sampled), true);
        const double z = 1.96;
        double n = sampled, share = matched / n;
        var centre = (share + z * z / (2 * n)) / (1 + z * z / n);
        var half = z / (1 + z * z / n) * Math.Sqrt(share * (1 - share) / n + z * z / (4 * n * n));
        return new Estimate(
            (long)Math.Round(share * population), Math.Max(matched, (long)Math.Floor((centre - half) * population)),
            Math.Min(population, (long)Math.Ceiling((centre + half) * population)), sampled, population, false);
    }

    private async Task<Condition> ParseAsync(JsonElement json, CancellationToken cancellationToken)
    {
        var errors = new List<ProblemError>();
        var references = await DefinitionReferences.ReadAsync(db, KeptReferences.All, cancellationToken);
        var condition = ConditionJson.Parse(json, "$.condition", references.Context, errors);
        return condition ?? throw new ProblemException(400, "segment.invalid", "The segment is not right in the places listed.", errors);
    }

    private static Needs WithReferences(Needs needs, SegmentSet set)
    {
        // A tree that asks for other segments needs what those need.
        if (needs.Segments.Count == 0 && needs.Audiences.Count == 0)
            return needs;
        var all = new Needs { Orders = true, Attributes = true, Bodies = needs.Bodies || set.Needs.Bodies, Products = needs.Products || set.Needs.Products };
        all.Kinds.UnionWith(needs.Kinds);
        all.Kinds.UnionWith(set.Needs.Kinds);
        return all;
    }

    private async Task<List<Guid>> SampleAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(SampleSql);
        command.Parameters.Add(new NpgsqlParameter { Value = Guid.NewGuid() });
        command.Parameters.Add(new NpgsqlParameter { Value = MaxSample });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var ids = new List<Guid>();
        while (await reader.ReadAsync(cancellationToken))
            ids.Add(reader.GetGuid(0));
        return ids;
    }

    private async Task<object?> ScalarAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(sql);
        return await command.ExecuteScalarAsync(cancellationToken);
    }
}
