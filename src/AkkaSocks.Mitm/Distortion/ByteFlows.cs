using Akka;
using Akka.IO;
using Akka.Streams.Dsl;

namespace AkkaSocks.Mitm.Distortion;

/// <summary>What the bytes of one tunnel go through, in use once.</summary>
/// <param name="Up">From the client to the destination; null for nothing.</param>
/// <param name="Down">From the destination to the client; null for nothing.</param>
internal sealed record ByteFlows(Flow<ByteString, ByteString, NotUsed>? Up, Flow<ByteString, ByteString, NotUsed>? Down);
