using AkkaSocks.Mitm.Exchanges;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Proxy.Settings.Exchanges;

namespace AkkaSocks.Mitm.Tests.Harness;

/// <summary>What is done to exchanges, as an operator writes it.</summary>
internal static class Policies
{
    /// <summary>Nothing.</summary>
    public static ExchangePolicy None { get; } = Of("");

    /// <summary>What <c>mitm { … }</c> says.</summary>
    public static ExchangePolicy Of(string mitm) => ExchangePolicy.Of(SettingsOf(mitm));

    /// <summary>The settings of <c>mitm { … }</c>.</summary>
    public static ExchangeSettings SettingsOf(string mitm) => NodeWith(mitm).Mitm.Exchanges;

    /// <summary>The settings of a node with <c>mitm { … }</c>.</summary>
    public static ProxySettings NodeWith(string mitm)
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, $"akkasocks {{ listeners {{ main {{ endpoint = \"127.0.0.1:0\" }} }}\nmitm {{ {mitm} }} }}");
            var sources = new SettingsSources
            {
                Files = [file],
                Environment = new Dictionary<string, string>(),
                Options = [],
                Machine = new Machine(2, 1024, "/nonexistent"),
                PasswordProblem = _ => null,
            };
            return SettingsLoader.TryLoad(sources, out var loaded, out var problems)
                ? loaded.Proxy
                : throw new ArgumentException(string.Join('\n', problems));
        }
        finally
        {
            File.Delete(file);
        }
    }
}
