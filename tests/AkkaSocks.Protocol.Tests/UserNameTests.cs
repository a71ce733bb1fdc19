namespace AkkaSocks.Protocol.Tests;

public class UserNameTests
{
    [Fact]
    public void A6_equality_is_that_of_the_bytes()
    {
        Assert.Equal(UserName.FromText("é"), new UserName([0xC3, 0xA9]));
        Assert.NotEqual(UserName.FromText("é"), new UserName([0xE9]));
        Assert.NotEqual(UserName.FromText("\u00E9"), UserName.FromText("e\u0301"));
        Assert.NotEqual(UserName.FromText("alice"), UserName.FromText("Alice"));
        Assert.NotEqual(UserName.FromText("alice"), UserName.FromText("alice\0"));
        Assert.True(UserName.FromText("alice") == new UserName("alice"u8));
        Assert.True(UserName.FromText("alice") != UserName.FromText("bob"));
    }

    [Fact]
    public void Equal_names_are_one_key()
    {
        var sessions = new Dictionary<UserName, int> { [UserName.FromText("alice")] = 1, [default] = 2 };
        Assert.Equal(1, sessions[new UserName("alice"u8)]);
        Assert.Equal(2, sessions[UserName.FromText("")]);
        Assert.False(sessions.ContainsKey(UserName.FromText("bob")));
    }

    [Fact]
    public void The_bytes_are_copied()
    {
        byte[] bytes = [.. "alice"u8];
        var name = new UserName(bytes);
        bytes[0] = (byte)'X';
        Assert.Equal("alice", name.ToString());
    }

    [Fact]
    public void S12_the_text_is_escaped() =>
        Assert.Equal(@"a\x0d\x0a2026\x20INFO\x1b[2J\xc3\xa9", UserName.FromText("a\r\n2026 INFO\u001b[2Jé").ToString());

    [Fact]
    public void A_name_that_no_client_could_send_is_an_error()
    {
        Assert.Equal(255, UserName.FromText(new string('a', 255)).Bytes.Length);
        Assert.Throws<ArgumentException>(() => UserName.FromText(new string('a', 256)));
        Assert.Throws<ArgumentException>(() => UserName.FromText(new string('é', 128)));
    }

    [Fact]
    public void A_text_that_is_not_Unicode_is_an_error() =>
        Assert.ThrowsAny<ArgumentException>(() => UserName.FromText("\uD800"));
}
