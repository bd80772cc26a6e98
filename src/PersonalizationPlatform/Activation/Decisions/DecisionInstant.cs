using PersonalizationPlatform.Conditions;
using PersonalizationPlatform.Http;
using PersonalizationPlatform.Websites;

namespace PersonalizationPlatform.Activation.Decisions;

/// <summary>When a decision is for.</summary>
internal static class DecisionInstant
{
    /// <summary>The instant asked for, and the day it is on the website; a date alone is the whole day there. 400 <c>at.invalid</c>.</summary>
    /// <param name="asked">ISO 8601; null = now.</param>
    /// <param name="now">Now.</param>
    /// <param name="website">Whose days count.</param>
    public static (DateTimeOffset At, DateOnly Day) Of(string? asked, DateTimeOffset now, Website website)
    {
        if (string.IsNullOrEmpty(asked))
            return (now, website.DayOf(now));
        // So far from both ends of time that every sum of instants around it stands.
        if (!FieldValues.TryInstant(asked, out var at, out var wholeDay) || at.Year is < 1900 or > 9000)
            throw ProblemException.Invalid("at.invalid", "at must be an instant.", new ProblemError("$.at", "at.invalid", "ISO 8601, such as 2026-06-15T12:00:00Z or 2026-06-15."));
        if (!wholeDay)
            return (at, website.DayOf(at));
        var day = DateOnly.FromDateTime(at.DateTime);
        return (StartOf(day, website), day);
    }

    /// <summary>When a day begins on the website.</summary>
    public static DateTimeOffset StartOf(DateOnly day, Website website)
    {
        var local = day.ToDateTime(TimeOnly.MinValue);
        // In some zones the clock is put forward at midnight: then the day begins at the first time that there is.
        while (website.TimeZone.IsInvalidTime(local))
            local = local.AddMinutes(15);
        return new DateTimeOffset(local, website.TimeZone.GetUtcOffset(local)).ToUniversalTime();
    }
}
