namespace AkkaSocks.Protocol.Tests;

public class GreetingTests
{
    [Fact]
    public void G1_no_authentication_is_offered() => AssertOffers([0x05, 0x01, 0x00], AuthMethod.None);

    [Fact]
    public void G2_a_password_is_offered() => AssertOffers([0x05, 0x01, 0x02], AuthMethod.Password);

    [Fact]
    public void G4_no_methods_offers_nothing() => AssertOffers([0x05, 0x00]);

    [Theory]
    [InlineData("05020002")]
    [InlineData("05020200")]
    public void G5_the_order_of_the_offers_does_not_matter(string hex) =>
        AssertOffers(Convert.FromHexString(hex), AuthMethod.None, AuthMethod.Password);

    [Fact]
    public void G6_GSSAPI_of_curl_does_not_hide_the_other_offers() =>
        AssertOffers([0x05, 0x03, 0x00, 0x01, 0x02], AuthMethod.None, AuthMethod.GssApi, AuthMethod.Password);

    [Fact]
    public void G6_an_unknown_method_is_no_other_method() =>
        AssertOffers([0x05, 0x03, 0x00, 0x03, 0x02], AuthMethod.None, AuthMethod.Password, (AuthMethod)3);

    [Fact]
    public void G7_a_repeated_offer_is_one_offer() =>
        AssertOffers([0x05, 0x04, 0x00, 0x00, 0x02, 0x02], AuthMethod.None, AuthMethod.Password);

    [Fact]
    public void G7_all_255_methods_fit()
    {
        byte[] methods = [.. Enumerable.Range(0, 255).Select(method => (byte)method)];
        byte[] greeting = [0x05, 0xFF, .. methods];
        Assert.Equal(Greeting.MaxLength, greeting.Length);
        AssertOffers(greeting, [.. methods.Select(method => (AuthMethod)method)]);
    }

    [Fact]
    public void G8_FF_is_never_an_offer() => AssertOffers([0x05, 0x01, 0xFF]);

    [Theory]
    [InlineData(0xFE)]
    [InlineData(0x80)]
    public void G8_a_private_method_offers_only_itself(byte method) => AssertOffers([0x05, 0x01, method], (AuthMethod)method);

    [Theory]
    [InlineData(0x00)]
    [InlineData(0x01)]
    [InlineData(0x04)]
    [InlineData(0x06)]
    [InlineData(0x16)]
    [InlineData((byte)'G')]
    public void G9_another_first_byte_is_malformed_at_once(byte version)
    {
        Assert.Equal(DecodeStatus.Malformed, Greeting.TryRead([version], out Greeting greeting, out int length));
        Assert.Equal(1, length);
        Assert.False(greeting.Offers(AuthMethod.None));
    }

    [Fact]
    public void G11_a_greeting_in_pieces_or_with_more_behind_it_is_the_same_greeting()
    {
        Decoding.AssertReadAtLastByte(Message.Greeting, [0x05, 0x00]);
        Decoding.AssertReadAtLastByte(Message.Greeting, [0x05, 0x03, 0x00, 0x01, 0x02]);
        Decoding.AssertReadAtLastByte(Message.Greeting, [0x05, 0xFF, .. Enumerable.Repeat((byte)2, 255)]);
    }

    private static void AssertOffers(byte[] bytes, params AuthMethod[] expected)
    {
        Assert.Equal(DecodeStatus.Done, Greeting.TryRead(bytes, out Greeting greeting, out int length));
        Assert.Equal(bytes.Length, length);
        Assert.Equal(expected, Enumerable.Range(0, 256).Select(m => (AuthMethod)m).Where(m => greeting.Offers(m)));
    }
}
