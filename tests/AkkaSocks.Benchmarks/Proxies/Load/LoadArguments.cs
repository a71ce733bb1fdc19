using System.Globalization;
using System.Net;

namespace AkkaSocks.Benchmarks.Proxies.Load;

/// <summary>The <c>key=value</c> words of a load's command line.</summary>
internal sealed class LoadArguments
{
    private readonly Dictionary<string, string> _values;

    public LoadArguments(IEnumerable<string> words)
        => _values = words.Select(word => word.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[^1]);

    /// <summary><c>proxy</c>, <c>origin</c>, <c>proto</c> (socks or direct), <c>user</c>, <c>password</c>.</summary>
    public Route Route => new(
        IPEndPoint.Parse(Required("proxy")),
        Origin,
        Text("proto", "socks") == "socks",
        _values.TryGetValue("user", out var user) ? new Credentials(user, Required("password")) : null);

    /// <summary><c>origin</c>: its first address and port.</summary>
    public IPEndPoint Origin => IPEndPoint.Parse(Required("origin"));

    /// <summary><c>pids</c>: roots of the process trees whose CPU time and memory are the proxy's; none: not measured.</summary>
    public int[] Processes
        => [.. from pid in Text("pids", "").Split(',', StringSplitOptions.RemoveEmptyEntries)
            select int.Parse(pid, CultureInfo.InvariantCulture)];

    public string Text(string key, string otherwise) => _values.GetValueOrDefault(key, otherwise);

    public double Number(string key, double otherwise)
        => _values.TryGetValue(key, out var text) ? double.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    public int Count(string key, int otherwise) => (int)Number(key, otherwise);

    private string Required(string key)
        => _values.TryGetValue(key, out var text) ? text : throw new ArgumentException($"{key}=… is missing");
}
