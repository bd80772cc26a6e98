using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PersonalizationPlatform.Access;

namespace PersonalizationPlatform.Events.Doors;

/// <summary>
/// Answers a repeated batch with the answer of the first one. It only spares work and gives the same numbers again; that nothing is
/// stored twice rests on the events' own keys.
/// </summary>
public sealed class IdempotentAnswers(IdempotentRequests requests)
{
    /// <summary>Runs the work, or answers as it was answered before. Without a key it simply runs.</summary>
    /// <exception cref="Http.ProblemException">422 <c>idempotency.otherBody</c>, 409 <c>idempotency.running</c>, 400 <c>idempotency.badKey</c>.</exception>
    public async Task<CollectionAnswer> OnceAsync(
        string keyId, string? idempotencyKey, EventDoor door, string? format, ReadOnlyMemory<byte> body, Func<Task<CollectionAnswer>> work, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(idempotencyKey))
            return await work();

        var hash = Hash(door, format, body.Span);
        CollectionAnswer? answer = null;
        var kept = await requests.OnceAsync(keyId, idempotencyKey, hash, WorkAsync, cancellationToken);
        return answer ?? JsonSerializer.Deserialize<CollectionAnswer>(kept!.Text, JsonSerializerOptions.Web)!;

        async Task<KeptAnswer?> WorkAsync()
        {
            answer = await work();
            return new(StatusCodes.Status202Accepted, JsonSerializer.Serialize(answer, JsonSerializerOptions.Web));
        }
    }

    /// <summary>The same bytes are another request at another door, or where they are read as something else.</summary>
    private static byte[] Hash(EventDoor door, string? format, ReadOnlySpan<byte> body)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha.AppendData([(byte)door]);
        if (format is not null)
            sha.AppendData(Encoding.UTF8.GetBytes(format + "\n"));
        sha.AppendData(body);
        return sha.GetHashAndReset();
    }
}
