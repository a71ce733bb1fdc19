namespace AkkaSocks.Proxy.Settings.Hocon;

/// <summary>Where a piece of configuration stands, for messages.</summary>
/// <param name="Source">A file as it was named, <c>environment NAME</c> or <c>option -x</c>.</param>
/// <param name="Line">The line in a file, from 1; null where the source has no lines.</param>
internal readonly record struct Origin(string Source, int? Line);
