using System.Net;
using System.Net.Sockets;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Harness;

/// <summary>A test that drives programs of this machine; skipped, with their names, where they are missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NeedsToolFactAttribute : FactAttribute
{
    public NeedsToolFactAttribute(params string[] tools) => Skip = Needs.Missing(tools);
}

/// <summary>A theory that drives programs of this machine; skipped, with their names, where they are missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NeedsToolTheoryAttribute : TheoryAttribute
{
    public NeedsToolTheoryAttribute(params string[] tools) => Skip = Needs.Missing(tools);
}

/// <summary>What a test may need besides .NET.</summary>
internal static class Needs
{
    /// <summary>The address ::1.</summary>
    public const string IPv6Loopback = "::1";

    /// <summary>Why a test is skipped, or null when nothing is missing.</summary>
    public static string? Missing(string[] tools)
    {
        var missing = tools.Where(tool => tool == IPv6Loopback ? !HasIPv6Loopback() : Tool.Find(tool) is null).ToArray();
        return missing is [] ? null : $"this machine does not have {string.Join(", ", missing)}";
    }

    private static bool HasIPv6Loopback()
    {
        try
        {
            using var probe = new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp);
            probe.Bind(new IPEndPoint(IPAddress.IPv6Loopback, 0));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
