namespace AkkaSocks.Proxy.Settings;

/// <summary>Where a key of the configuration got its value.</summary>
/// <param name="Key">The key's full path.</param>
/// <param name="Value">The value as it stands there, shortened and printable; null where it has no such picture.</param>
/// <param name="Source">A file as it was named, <c>environment NAME</c> or <c>option -x</c>.</param>
/// <param name="Line">The line in a file, from 1; null where there is none.</param>
internal sealed record ConfigPlace(string Key, string? Value, string Source, int? Line);
