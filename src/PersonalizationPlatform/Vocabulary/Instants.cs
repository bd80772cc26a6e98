namespace PersonalizationPlatform.Vocabulary;

/// <summary>Instants as the platform keeps them: UTC, cut to the microsecond, which is what PostgreSQL stores.</summary>
public static class Instants
{
    public static DateTimeOffset Now(this TimeProvider time)
    {
        var now = time.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
    }
}
