using System.Net;
using System.Text;
using AkkaSocks.Mitm.Distortion;
using AkkaSocks.Mitm.Extensions;
using AkkaSocks.Mitm.Tests.Harness;
using AkkaSocks.Protocol;
using Xunit;

namespace AkkaSocks.Mitm.Tests.Distortion;

public sealed class DatagramFlowTests
{
    [Theory]
    [InlineData("up = [{ replace { text = ping, with = p } }]", true, "a ping", "a p")]
    [InlineData("up = [{ replace { text = ping, with = longer } }]", true, "ping ping", "longer longer")]
    [InlineData("up = [{ replace { text = ping, with = p } }]", false, "a ping", "a ping")]
    [InlineData("up = [{ lose = 1 }]", true, "a ping", null)]
    [InlineData("down = [{ lose = 1 }, { replace { text = a, with = b } }]", false, "a ping", null)]
    [InlineData("match { port = [53] }, up = [{ lose = 1 }]", true, "a ping", "a ping")]
    [InlineData("match { port = [7, 53] }, up = [{ lose = 1 }]", true, "a ping", null)]
    [InlineData("match { host = \"192.0.2.*\" }, up = [{ lose = 1 }]", true, "a ping", null)]
    [InlineData("match { host = \"192.0.3.*\" }, up = [{ lose = 1 }]", true, "a ping", "a ping")]
    [InlineData("match { user = alice }, up = [{ lose = 1 }]", true, "a ping", null)]
    [InlineData("match { user = bob }, up = [{ lose = 1 }]", true, "a ping", "a ping")]
    [InlineData("up = [{ own { type = \"AkkaSocks.Mitm.Tests.Distortion.Shouting, AkkaSocks.Mitm.Tests\" } }]", true, "a ping", "A PING")]
    public void Datagrams_pass_change_or_stay(string flow, bool up, string payload, string? expected)
    {
        var settings = Policies.SettingsOf($"datagrams = [{{ name = a, {flow} }}]").Datagrams;
        var room = new byte[100];
        var length = Encoding.ASCII.GetBytes(payload, room);
        var other = DatagramAddress.Of(IPAddress.Parse("192.0.2.1"), 7);
        var passed = DatagramFlow.Of(settings, "alice") is { } distorting ? distorting.Pass(up, other, room, length) : length;
        Assert.Equal(expected, passed < 0 ? null : Encoding.ASCII.GetString(room, 0, passed));
    }

    [Fact]
    public void What_would_not_fit_stays_as_it_is()
    {
        var settings = Policies.SettingsOf("datagrams = [{ name = a, up = [{ replace { text = a, with = bbb } }] }]").Datagrams;
        var room = "aaa."u8.ToArray();
        Assert.Equal(3, DatagramFlow.Of(settings, null)!.Pass(true, DatagramAddress.Of(IPAddress.Loopback, 7), room, 3));
        Assert.Equal("aaa."u8, room);
    }

    [Fact]
    public void An_inspector_that_cannot_be_had_refuses_the_start()
    {
        var settings = Policies.SettingsOf("datagrams = [{ name = a, up = [{ own { type = \"No.Such, Assembly\" } }] }]");
        var refused = Assert.Throws<ExtensionUnavailableException>(() => new RawFlows(settings));
        Assert.StartsWith("mitm.datagrams: cannot use No.Such, Assembly", refused.Message);
    }
}

/// <summary>As somebody else would write one.</summary>
public sealed class Shouting : IDatagramInspector
{
    public int Inspect(FlowDirection direction, IPEndPoint destination, Span<byte> room, int length)
    {
        foreach (ref var letter in room[..length])
            letter = (byte)char.ToUpperInvariant((char)letter);
        return length;
    }
}
