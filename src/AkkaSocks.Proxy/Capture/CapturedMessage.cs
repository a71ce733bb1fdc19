namespace AkkaSocks.Proxy.Capture;

/// <summary>A message of a WebSocket (RFC 6455), or a control frame.</summary>
/// <param name="FromClient">Who has sent it.</param>
/// <param name="Time">When its last byte passed.</param>
/// <param name="Opcode">1 text, 2 binary, 8 close, 9 ping, 10 pong.</param>
/// <param name="Body">What it holds, decompressed.</param>
internal sealed record CapturedMessage(bool FromClient, DateTimeOffset Time, int Opcode, CapturedBody Body);
