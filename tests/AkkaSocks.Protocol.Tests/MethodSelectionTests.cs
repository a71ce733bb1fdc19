namespace AkkaSocks.Protocol.Tests;

public class MethodSelectionTests
{
    [Fact]
    public void G1_no_authentication_is_selected_by_00() => AssertWritten("0500", AuthMethod.None);

    [Fact]
    public void G2_a_password_is_selected_by_02() => AssertWritten("0502", AuthMethod.Password);

    [Fact]
    public void G3_no_acceptable_method_is_said_by_FF() => AssertWritten("05FF", AuthMethod.NoneAcceptable);

    [Fact]
    public void A_buffer_that_is_too_short_is_an_error() =>
        Assert.Throws<IndexOutOfRangeException>(() => MethodSelection.Write(new byte[1], AuthMethod.None));

    private static void AssertWritten(string hex, AuthMethod method)
    {
        Span<byte> buffer = stackalloc byte[MethodSelection.Length + 1];
        int length = MethodSelection.Write(buffer, method);
        Assert.Equal(hex, Convert.ToHexString(buffer[..length]));
        Assert.Equal(0, buffer[length]);
    }
}
