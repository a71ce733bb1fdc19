namespace AkkaSocks.Benchmarks.Proxies;

/// <summary>All samples of all rounds, and all failures.</summary>
internal sealed class Scoreboard
{
    private readonly Dictionary<(string Subject, string Metric), List<double>> _samples = [];
    private readonly List<(string Subject, Measure Measure, string Why)> _failures = [];

    /// <summary>Each failure: who, at what, why.</summary>
    public IReadOnlyList<(string Subject, Measure Measure, string Why)> Failures => _failures;

    public void Add(string subject, string metric, double value)
    {
        if (!_samples.TryGetValue((subject, metric), out var values))
        {
            _samples[(subject, metric)] = values = [];
        }

        values.Add(value);
    }

    public void Fail(string subject, Measure measure, string why) => _failures.Add((subject, measure, why));

    /// <summary>True when the subject failed this measure in any round: a figure of the rounds that went well would flatter it.</summary>
    public bool Failed(string subject, Measure measure) => _failures.Any(f => f.Subject == subject && f.Measure == measure);

    /// <summary>The median over the rounds; null when there is none to believe.</summary>
    public double? Median(string subject, Metric metric)
    {
        if (Failed(subject, metric.Measure) || !_samples.TryGetValue((subject, metric.Name), out var values))
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
