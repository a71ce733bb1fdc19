namespace AkkaSocks.Proxy.Settings.Reading;

/// <summary>Turns the text of a value into the value.</summary>
/// <returns>Null when it could; else what was expected, to follow the word "expected". The value then means nothing.</returns>
internal delegate string? ValueReader<T>(string text, out T value);
