namespace AkkaSocks.Proxy.Settings.Reading;

/// <summary>Reads <c>listeners.NAME.tls</c>, and <c>listener-defaults.tls</c> to find its mistakes.</summary>
internal static class ListenerTlsReader
{
    /// <summary>Reads the section of a listener.</summary>
    /// <returns>Null where its mode is off: files are not looked at then.</returns>
    public static ListenerTlsSettings? Read(ConfigSection tls)
    {
        var settings = ReadUnchecked(tls);
        if (settings.Mode == TlsMode.Off)
            return null;
        var problems = 0;
        Need("certificate", settings.Certificate, "it is needed");
        if (problems == 0)
            Need("key", settings.Key, "it is needed");
        if (settings.ClientAuth != ClientAuth.None)
            Need("client-ca", settings.ClientCa, "whoever asks for certificates must know who signs them");
        if (problems == 0 && PemFiles.Problem(settings) is var (wrong, problem))
            tls.Refuse(wrong, problem);
        return settings;

        void Need(string key, string? file, string why)
        {
            // Null: it could not be read, which has been said.
            if (file is null || (file.Length > 0 && File.Exists(file)))
                return;
            problems++;
            tls.Refuse(key, file.Length == 0 ? $"{why}; expected the path of a PEM file" : "expected the path of a PEM file; there is no such file");
        }
    }

    /// <summary>Reads the section without a look at files or at what must go together.</summary>
    public static ListenerTlsSettings ReadUnchecked(ConfigSection tls)
    {
        var certificate = tls.Value<string>("certificate", ScalarText.Read);
        var key = tls.Value<string>("key", ScalarText.Read);
        return new ListenerTlsSettings
        {
            Mode = tls.Value<TlsMode>("mode", ScalarText.ReadName),
            Certificate = certificate,
            Key = key is { Length: 0 } ? certificate : key,
            ClientAuth = tls.Value<ClientAuth>("client-auth", ScalarText.ReadName),
            ClientCa = tls.Value<string>("client-ca", ScalarText.Read),
            IdentityFrom = tls.Value<IdentityField>("identity-from", ScalarText.ReadName),
            MinVersion = tls.Value<TlsVersion>("min-version", ReadVersion),
        };
    }

    private static string? ReadVersion(string text, out TlsVersion version)
    {
        version = text == "1.3" ? TlsVersion.Tls13 : TlsVersion.Tls12;
        return text is "1.2" or "1.3" ? null : "1.2 or 1.3";
    }
}
