using System.Security.Cryptography;
using AkkaSocks.Mitm.KeyLogging;
using AkkaSocks.Mitm.Sniffing;
using Xunit;

namespace AkkaSocks.Mitm.Tests.KeyLogging;

public sealed class ExpectedSecretsTests
{
    private static readonly string[] Labels =
        ["CLIENT_RANDOM", "CLIENT_HANDSHAKE_TRAFFIC_SECRET", "SERVER_TRAFFIC_SECRET_0", "EXPORTER_SECRET"];

    private readonly ExpectedSecrets _expected = new(most: 2);
    private readonly byte[] _random = RandomNumberGenerator.GetBytes(ClientRandom.Length);

    [Fact]
    public void Lines_of_a_handshake_that_was_announced_are_covered_whatever_they_tell()
    {
        _expected.Add(ClientRandom.Of(_random));

        Assert.All(Labels, label => Assert.True(_expected.Covers(Line(label, _random))));
    }

    [Fact]
    public void Those_of_others_are_not()
    {
        _expected.Add(ClientRandom.Of(_random));

        Assert.False(_expected.Covers(Line(Labels[0], RandomNumberGenerator.GetBytes(ClientRandom.Length))));
    }

    [Fact]
    public void What_is_no_line_of_that_format_is_not()
    {
        _expected.Add(ClientRandom.Of(_random));
        var random = Convert.ToHexStringLower(_random);

        Assert.All(
            ["", "# comment", random, $"RSA {random[..16]} 00", $"CLIENT_RANDOM {random}", $"CLIENT_RANDOM {random[..62]}zz 00", $"A {random} 00 11"],
            line => Assert.False(_expected.Covers(line), line));
    }

    [Fact]
    public void The_oldest_are_forgotten_and_who_is_announced_twice_takes_one_place()
    {
        byte[] second = RandomNumberGenerator.GetBytes(32), third = RandomNumberGenerator.GetBytes(32);
        byte[][] announced = [_random, second, second, third];
        foreach (var random in announced)
            _expected.Add(ClientRandom.Of(random));

        Assert.Equal(
            (false, true, true),
            (_expected.Covers(Line(Labels[0], _random)), _expected.Covers(Line(Labels[0], second)), _expected.Covers(Line(Labels[0], third))));
    }

    private static string Line(string label, byte[] random) => $"{label} {Convert.ToHexStringLower(random)} 0123456789abcdef";
}
