namespace AkkaSocks.Benchmarks.Proxies;

/// <summary>All samples of all rounds, and all failures.</summary>
internal sealed class Scoreboard
{
    private readonly Dictionary<(string Subject, string Metric), List<double>> _samples = [];
    private readonly List<(string Subject, string Load, string Why)> _failures = [];

    /// <summary>Each failure: who, at what, why.</summary>
    public IReadOnlyList<(string Subject, string Load, string Why)> Failures => _failures;

    public void Add(string subject, string metric, double value)
    {
        if (!_samples.TryGetValue((subject, metric), out var values))
        {
            _samples[(subject, metric)] = values = [];
        }

        values.Add(value);
    }

    public void Fail(string subject, string load, string why) => _failures.Add((subject, load, why));

    /// <summary>True when the subject failed this load in any round: a figure of the rounds that went well would flatter
    /// it.</summary>
    public bool Failed(string subject, Metric metric) => _failures.Any(f => f.Subject == subject && f.Load == metric.Load);

    /// <summary>The median over the rounds; null when there is none to believe.</summary>
    public double? Median(string subject, Metric metric)
    {
        if (Failed(subject, metric) || !_samples.TryGetValue((subject, metric.Name), out var values))
        {
            return null;
        }

        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>The best median among these subjects; null when there is none.</summary>
    public double? Best(IEnumerable<string> subjects, Metric metric)
    {
        var medians = subjects.Select(subject => Median(subject, metric)).OfType<double>().ToArray();
        return medians.Length == 0 ? null : metric.MoreIsBetter ? medians.Max() : medians.Min();
    }
}
