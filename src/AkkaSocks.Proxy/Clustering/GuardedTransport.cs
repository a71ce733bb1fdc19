using System.Reflection;
using System.Security.Cryptography.X509Certificates;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Remote.Transport;
using Akka.Remote.Transport.DotNetty;
using AkkaTransport = Akka.Remote.Transport.Transport;

namespace AkkaSocks.Proxy.Clustering;

/// <summary>
/// Akka's TCP transport, kept from shutting the node down. In Akka.Remote 1.5 a failed TLS handshake on the side that dials
/// runs the coordinated shutdown of its actor system: one bad certificate in a list of seeds, or anything else that listens
/// where a dead node did, would end every node that dials it. So the transport is given another actor system, in which there is
/// nothing to shut down. A failed handshake then is a failed association: the address is let alone for some seconds.
/// </summary>
/// <remarks>The transport is internal to Akka.Remote, so it is made by its name; tests hold that name, its constructor and the
/// place of its certificate.</remarks>
internal sealed class GuardedTransport : AkkaTransport
{
    /// <summary>Akka's transport.</summary>
    public const string GuardedType = "Akka.Remote.Transport.DotNetty.TcpTransport, Akka.Remote";

    private const string NothingToShutDown = """
        akka {
          actor.provider = local
          coordinated-shutdown {
            terminate-actor-system = off
            run-by-clr-shutdown-hook = off
            run-by-actor-system-terminate = off
            exit-clr = off
          }
        }
        """;

    private const BindingFlags Everything = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    private readonly AkkaTransport _guarded;
    private readonly ActorSystem _shadow;

    /// <summary>Called by Akka.</summary>
    public GuardedTransport(ActorSystem system, Config config)
    {
        System = system;
        Config = config;
        var setup = ActorSystemSetup.Create(BootstrapSetup.Create()
            .WithActorRefProvider(ProviderSelection.Local.Instance)
            .WithConfig(ConfigurationFactory.ParseString(NothingToShutDown).WithFallback(system.Settings.Config)));
        var tls = system.Settings.Setup.Get<DotNettySslSetup>();
        _shadow = ActorSystem.Create(system.Name, tls.HasValue ? setup.And(tls.Value) : setup);
        _guarded = (AkkaTransport)Activator.CreateInstance(Type.GetType(GuardedType, throwOnError: true)!, _shadow, config)!;
        if (system.Settings.Setup.Get<ClusterSetup>() is { HasValue: true, Value.Tls: { } nodes })
            nodes.Renewed = Use;
    }

    /// <summary>Where Akka's transport has the certificate that it shows in handshakes: in this field of what these properties hold.</summary>
    public static (string[] Properties, string Field) CertificatePlace => (["Settings", "Ssl"], "Certificate");

    /// <inheritdoc/>
    public override string SchemeIdentifier => _guarded.SchemeIdentifier;

    /// <inheritdoc/>
    public override long MaximumPayloadBytes => _guarded.MaximumPayloadBytes;

    /// <inheritdoc/>
    public override Task<(Address, TaskCompletionSource<IAssociationEventListener>)> Listen() => _guarded.Listen();

    /// <inheritdoc/>
    public override bool IsResponsibleFor(Address remote) => _guarded.IsResponsibleFor(remote);

    /// <inheritdoc/>
    public override Task<AssociationHandle> Associate(Address remoteAddress) => _guarded.Associate(remoteAddress);

    /// <inheritdoc/>
    public override Task<bool> ManagementCommand(object message) => _guarded.ManagementCommand(message);

    /// <inheritdoc/>
    public override async Task<bool> Shutdown()
    {
        var isDone = await _guarded.Shutdown().ConfigureAwait(false);
        await _shadow.Terminate().ConfigureAwait(false);
        return isDone;
    }

    // It reads it anew for each connection, and has no way to be given another one.
    private void Use(X509Certificate2 certificate)
    {
        object place = _guarded;
        foreach (var property in CertificatePlace.Properties)
            place = place.GetType().GetProperty(property, Everything)!.GetValue(place)!;
        place.GetType().GetField(CertificatePlace.Field, Everything)!.SetValue(place, certificate);
    }
}
