using System.Globalization;
using AkkaSocks.Proxy.Auth;
using AkkaSocks.Proxy.Settings;

namespace AkkaSocks.Proxy.Clustering;

/// <summary>The configuration that makes Akka a cluster node as <see cref="ClusterSettings"/> says.</summary>
internal static class ClusterHocon
{
    /// <summary>The configuration. What an operator writes under <c>akka</c> goes over it.</summary>
    /// <remarks>
    /// A killed node is unreachable after 4 to 5 s and removed after 12 to 13 s; one that stands still for 8 s is forgiven. No
    /// seeds are named here: a node joins once its registry runs and its listeners are bound.
    /// </remarks>
    public static string Of(ClusterSettings settings) => $$"""
        akka {
          actor {
            provider = cluster
            serialization-settings.allow-unregistered-types = off
            serializers {
              json = "{{typeof(RefusingJsonSerializer).AssemblyQualifiedName}}"
              akkasocks = "{{typeof(ClusterMessageSerializer).AssemblyQualifiedName}}"
            }
            serialization-bindings {
              "{{typeof(IClusterMessage).AssemblyQualifiedName}}" = akkasocks
            }
          }
          remote {
            log-remote-lifecycle-events = off
            dot-netty.tcp {
              hostname = "{{settings.Host}}"
              port = {{settings.Port.ToString(CultureInfo.InvariantCulture)}}
              enable-ssl = {{(settings.Tls is null ? "off" : "on")}}
              transport-class = "{{typeof(GuardedTransport).AssemblyQualifiedName}}"
            }
          }
          cluster {
            downing-provider-class = "{{typeof(PairDowningProvider).AssemblyQualifiedName}}"
            split-brain-resolver {
              active-strategy = keep-majority
              stable-after = 7s
            }
            failure-detector.acceptable-heartbeat-pause = 3s
            run-coordinated-shutdown-when-down = off
          }
        }

        """;
}
