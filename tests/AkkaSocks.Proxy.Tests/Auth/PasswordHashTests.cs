using AkkaSocks.Proxy.Auth;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Auth;

public sealed class PasswordHashTests
{
    [Fact]
    public void A_created_hash_is_matched_by_its_password_only()
    {
        var phc = PasswordHash.Create("correct horse"u8);

        Assert.StartsWith("$argon2id$v=19$m=19456,t=2,p=1$", phc, StringComparison.Ordinal);
        Assert.True(PasswordHash.TryParse(phc, out var hash, out _));
        Assert.True(hash.Matches("correct horse"u8));
        Assert.False(hash.Matches("correct horsf"u8));
    }

    [Fact]
    public void Passwords_are_bytes()
    {
        Assert.True(PasswordHash.TryParse(PasswordHash.Create([0xff, 0x00, 0x0a]), out var hash, out _));
        Assert.True(hash.Matches([0xff, 0x00, 0x0a]));
        Assert.False(hash.Matches([0xff]));
    }

    [Fact]
    public void The_same_password_hashes_differently_each_time() =>
        Assert.NotEqual(PasswordHash.Create("s3cret"u8), PasswordHash.Create("s3cret"u8));

    [Fact]
    public void A_decoy_costs_what_it_was_told()
    {
        var cost = new PasswordCost(PasswordAlgorithm.Argon2id, MemoryKiB: 64, Iterations: 3);
        var decoy = PasswordHash.Decoy(cost);
        Assert.Equal(cost, decoy.Cost);
        Assert.False(decoy.Matches([]));
    }
}
