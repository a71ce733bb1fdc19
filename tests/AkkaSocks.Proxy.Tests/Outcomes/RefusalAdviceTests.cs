using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Tests.Settings;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Outcomes;

public sealed class RefusalAdviceTests
{
    public static TheoryData<string> All => [.. Enum.GetNames<Refusal>().Where(name => name != nameof(Refusal.None))];

    [Theory]
    [MemberData(nameof(All))]
    public void Every_refusal_is_told_in_words_and_a_key_that_it_names_stands_in_the_configuration(string name)
    {
        var refusal = Enum.Parse<Refusal>(name);
        var advice = RefusalAdvice.Of(refusal);

        Assert.Contains(' ', advice.Words);
        using var folder = new ConfigFolder().With("a.conf", ConfigFolder.Loopback);
        if (advice.Key is { } key)
            Assert.NotNull(folder.Load("a.conf").Places.Find(key.Split('.')));
        Assert.Equal(advice, RefusalAdvice.Of(refusal.ToLabel()));
    }

    [Fact]
    public void A_label_of_a_newer_node_is_shown_as_it_is() => Assert.Equal(new RefusalAdvice("too-tall"), RefusalAdvice.Of("too-tall"));
}
