using System.Text;

namespace AkkaSocks.Protocol.Tests;

public class CredentialsTests
{
    [Fact]
    public void A1_name_and_password_are_read()
    {
        using Credentials credentials = Read([0x01, 5, .. "alice"u8, 6, .. "s3cret"u8]);
        Assert.Equal(UserName.FromText("alice"), credentials.UserName);
        Assert.Equal("s3cret"u8, credentials.Password);
    }

    [Theory]
    [InlineData(0x00)]
    [InlineData(0x02)]
    [InlineData(0x05)]
    public void A3_another_version_is_malformed_at_once(byte version)
    {
        Assert.Equal(DecodeStatus.Malformed, Credentials.TryRead([version], out Credentials? credentials, out int length));
        Assert.Equal(1, length);
        Assert.Null(credentials);
    }

    [Fact]
    public void A8_a_request_in_place_of_credentials_is_malformed()
    {
        byte[] request = [0x05, 0x01, 0x00, 0x01, 127, 0, 0, 1, 0, 80];
        Assert.Equal(DecodeStatus.Malformed, Credentials.TryRead(request, out _, out _));
    }

    [Theory]
    [InlineData("", "secret")]
    [InlineData("alice", "")]
    [InlineData("", "")]
    public void A4_an_empty_name_or_password_is_read(string user, string password)
    {
        byte[] message = Message(Encoding.ASCII.GetBytes(user), Encoding.ASCII.GetBytes(password));
        using Credentials credentials = Read(message);
        Assert.Equal(user, credentials.UserName.ToString());
        Assert.Equal(password.Length, credentials.Password.Length);
        Decoding.AssertReadAtLastByte(Tests.Message.Credentials, message);
    }

    [Fact]
    public void A5_the_longest_name_and_password_make_513_bytes()
    {
        byte[] user = [.. Enumerable.Range(1, 255).Select(i => (byte)i)];
        byte[] password = [.. user.Reverse()];
        byte[] message = Message(user, password);
        Assert.Equal(Credentials.MaxLength, message.Length);

        using Credentials credentials = Read(message);
        Assert.Equal(user, credentials.UserName.Bytes);
        Assert.Equal(password, credentials.Password);
        Decoding.AssertReadAtLastByte(Tests.Message.Credentials, message);
    }

    [Theory]
    [InlineData("00FF0D0A1B")]
    [InlineData("C3A9")]
    [InlineData("E9")]
    public void A6_the_bytes_are_kept_as_they_are(string hex)
    {
        byte[] bytes = Convert.FromHexString(hex);
        using Credentials credentials = Read(Message(bytes, bytes));
        Assert.Equal(bytes, credentials.UserName.Bytes);
        Assert.Equal(bytes, credentials.Password);
    }

    [Fact]
    public void G11_credentials_in_pieces_or_with_more_behind_them_are_the_same_credentials() =>
        Decoding.AssertReadAtLastByte(Tests.Message.Credentials, Message([.. "alice"u8], [.. "s3cret"u8]));

    [Fact]
    public void Disposing_overwrites_the_password()
    {
        Credentials credentials = Read(Message([.. "alice"u8], [.. "s3cret"u8]));
        ReadOnlySpan<byte> password = credentials.Password;
        credentials.Dispose();
        Assert.Equal(new byte[6], password);
        Assert.Equal("alice", credentials.UserName.ToString());
    }

    [Fact]
    public void The_values_do_not_change_with_the_buffer_they_were_read_from()
    {
        byte[] message = Message([.. "alice"u8], [.. "s3cret"u8]);
        using Credentials credentials = Read(message);
        Array.Clear(message);
        Assert.Equal("alice"u8, credentials.UserName.Bytes);
        Assert.Equal("s3cret"u8, credentials.Password);
    }

    [Fact]
    public void Credentials_do_not_print_their_password()
    {
        using Credentials credentials = Read(Message([.. "alice"u8], [.. "s3cret"u8]));
        Assert.DoesNotContain("s3cret", $"{credentials}", StringComparison.Ordinal);
    }

    private static byte[] Message(byte[] user, byte[] password) =>
        [0x01, (byte)user.Length, .. user, (byte)password.Length, .. password];

    private static Credentials Read(byte[] message)
    {
        Assert.Equal(DecodeStatus.Done, Credentials.TryRead(message, out Credentials? credentials, out int length));
        Assert.Equal(message.Length, length);
        return credentials!;
    }
}
