namespace AkkaSocks.Protocol.Tests;

public class AuthStatusTests
{
    [Theory]
    [InlineData(true, "0100")]
    [InlineData(false, "0101")]
    public void A1_A2_the_version_is_01_and_failure_has_one_status(bool success, string hex)
    {
        Span<byte> buffer = stackalloc byte[AuthStatus.Length + 1];
        int length = AuthStatus.Write(buffer, success);
        Assert.Equal(hex, Convert.ToHexString(buffer[..length]));
        Assert.Equal(0, buffer[length]);
    }
}
