namespace AkkaSocks.Protocol.Tests;

public class MethodSelectionTests
{
    [Theory]
    [InlineData(AuthMethod.None, "0500")]
    [InlineData(AuthMethod.Password, "0502")]
    [InlineData(AuthMethod.NoneAcceptable, "05FF")]
    public void G1_G2_G3_the_answer_is_two_bytes(AuthMethod method, string hex)
    {
        Span<byte> buffer = stackalloc byte[MethodSelection.Length + 1];
        int length = MethodSelection.Write(buffer, method);
        Assert.Equal(hex, Convert.ToHexString(buffer[..length]));
        Assert.Equal(0, buffer[length]);
    }

    [Fact]
    public void A_buffer_that_is_too_short_is_an_error() =>
        Assert.Throws<IndexOutOfRangeException>(() => MethodSelection.Write(new byte[1], AuthMethod.None));
}
