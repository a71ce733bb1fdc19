using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Configuration;
using Akka.Serialization;

namespace AkkaSocks.Proxy.Clustering;

/// <summary>
/// Stands where Akka has its JSON serializer, under the same number. That one makes objects of whatever types a message names,
/// which whoever reaches the port could use to run code. Strict serialization alone keeps it from writing, not from reading.
/// </summary>
internal sealed class RefusingJsonSerializer : Serializer
{
    /// <summary>Called by Akka, which passes settings to the serializer named <c>json</c> and to no other.</summary>
    public RefusingJsonSerializer(ExtendedActorSystem system, Config settings)
        : base(system) => _ = settings;

    /// <summary>The JSON serializer's number.</summary>
    public override int Identifier => 1;

    /// <inheritdoc/>
    public override bool IncludeManifest => false;

    /// <inheritdoc/>
    public override byte[] ToBinary(object obj) => throw new SerializationException($"{obj.GetType()} does not cross between nodes.");

    /// <inheritdoc/>
    public override object FromBinary(byte[] bytes, Type type) => throw new SerializationException("JSON is not read.");
}
