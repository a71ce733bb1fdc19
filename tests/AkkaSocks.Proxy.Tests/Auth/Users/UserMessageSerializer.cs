using Akka.Actor;
using Akka.Serialization;
using AkkaSocks.Proxy.Auth;
using AkkaSocks.Proxy.Auth.Users.Wire;

namespace AkkaSocks.Proxy.Tests.Auth.Users;

/// <summary>Carries the messages of <see cref="UserWire"/> and nothing else.</summary>
public sealed class UserMessageSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    public override int Identifier => 7001;

    public override byte[] ToBinary(object obj) => UserWire.Write((IClusterMessage)obj);

    public override string Manifest(object o) => UserWire.ManifestOf(o)!;

    public override object FromBinary(byte[] bytes, string manifest) => UserWire.Read(manifest, bytes);
}
