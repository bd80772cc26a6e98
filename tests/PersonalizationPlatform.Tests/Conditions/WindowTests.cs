using System.Globalization;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Tests.Conditions;

public class WindowTests
{
    [Theory]
    [InlineData("P7D", "P7D")]
    [InlineData("P1W", "P7D")]
    [InlineData("P1M", "P1M")]
    [InlineData("P14M", "P1Y2M")]
    [InlineData("PT2H", "PT2H")]
    [InlineData("PT26H", "P1DT2H")]
    [InlineData("P1DT12H", "P1DT12H")]
    [InlineData("PT90M", "PT1H30M")]
    [InlineData("PT0.000001S", "PT0.000001S")]
    [InlineData("P1Y2M3W4DT5H6M7.5S", "P1Y2M25DT5H6M7.5S")]
    [InlineData("PT0S", "P0D")]
    public void A_duration_is_read_and_printed_in_its_one_form(string text, string printed)
    {
        Assert.True(Window.TryParse(text, out var window));
        Assert.Equal(printed, window.ToString());
        Assert.True(Window.TryParse(printed, out var again));
        Assert.Equal(window, again);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("P")]
    [InlineData("PT")]
    [InlineData("7D")]
    [InlineData("P7")]
    [InlineData("-P7D")]
    [InlineData("P-7D")]
    [InlineData("P1.5D")]
    [InlineData("P1H")]
    [InlineData("PT1D")]
    [InlineData("P1D1D")]
    [InlineData("P1D1M")]
    [InlineData("P1DT")]
    [InlineData("PT1S1H")]
    [InlineData("P101Y")]
    [InlineData("P99999999999999999D")]
    [InlineData("P٣D")]
    public void What_is_no_duration_is_not_read(string? text) => Assert.False(Window.TryParse(text, out _));

    [Theory]
    [InlineData("P1M", "2026-01-31T10:00:00Z", "2026-02-28T10:00:00Z")]
    [InlineData("P1Y", "2024-02-29T10:00:00Z", "2025-02-28T10:00:00Z")]
    [InlineData("P1M", "2026-03-28T23:30:00-05:00", "2026-04-29T04:30:00Z")]
    [InlineData("P1D", "2026-03-29T00:30:00Z", "2026-03-30T00:30:00Z")]
    public void Months_are_calendar_months_in_utc(string text, string from, string end)
    {
        Assert.True(Window.TryParse(text, out var window));
        Assert.Equal(Time(end), window.EndOf(Time(from)));
    }

    [Fact]
    public void The_ends_of_time_do_not_overflow()
    {
        Assert.True(Window.TryParse("P100Y", out var window));
        Assert.Equal(DateTimeOffset.MaxValue, window.EndOf(DateTimeOffset.MaxValue));
        Assert.Equal(DateTimeOffset.MinValue, window.StartOf(DateTimeOffset.MinValue));
    }

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
