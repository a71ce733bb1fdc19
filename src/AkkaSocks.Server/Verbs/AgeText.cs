using System.Globalization;

namespace AkkaSocks.Server.Verbs;

/// <summary>How long something has lasted, in its two largest units: <c>5s</c>, <c>3m05s</c>, <c>2h07m</c>.</summary>
internal static class AgeText
{
    /// <summary>The text.</summary>
    public static string Of(double seconds)
    {
        var age = TimeSpan.FromSeconds(seconds);
        return age switch
        {
            { TotalDays: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{age.Days}d{age.Hours:00}h"),
            { TotalHours: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{age.Hours}h{age.Minutes:00}m"),
            { TotalMinutes: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{age.Minutes}m{age.Seconds:00}s"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{age.Seconds}s"),
        };
    }
}
