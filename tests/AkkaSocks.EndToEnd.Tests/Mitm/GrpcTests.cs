using AkkaSocks.EndToEnd.Tests.Harness;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Mitm;

/// <summary>The gRPC client of .NET and ASP.NET's server: neither notices that somebody reads along.</summary>
public sealed class GrpcTests(InterceptingNode node) : IClassFixture<InterceptingNode>
{
    /// <summary>Inside TLS, and HTTP/2 by prior knowledge.</summary>
    public static TheoryData<bool> Ways => [true, false];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_call_is_answered_with_its_fields_and_trailers(bool isTls)
    {
        await using var origin = await StartAsync(isTls);
        using var channel = Open(origin);

        var call = new Talk.TalkClient(channel).SayAsync(new Word { Text = "hello" }, new Metadata { { TalkService.Field, "42" } });

        Assert.Equal("hello", (await call.ResponseAsync.InTime()).Text);
        Assert.Equal("42", (await call.ResponseHeadersAsync.InTime()).GetValue(TalkService.Field));
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
        Assert.Equal("42", call.GetTrailers().GetValue(TalkService.Field));
        channel.Dispose();
        Assert.Equal(isTls ? "https" : "http", await node.OutcomeAsync(origin.Port));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_failure_comes_with_its_status_words_and_bytes(bool isTls)
    {
        await using var origin = await StartAsync(isTls);
        using var channel = Open(origin);

        var failure = await Assert.ThrowsAsync<RpcException>(
            () => new Talk.TalkClient(channel).SayAsync(new Word { Text = TalkService.Unknown }).ResponseAsync.InTime());

        Assert.Equal((StatusCode.NotFound, TalkService.Description), (failure.StatusCode, failure.Status.Detail));
        Assert.Equal([0, 255], failure.Trailers.GetValueBytes(TalkService.BytesField)!);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_stream_of_answers_is_whole(bool isTls)
    {
        await using var origin = await StartAsync(isTls);
        using var channel = Open(origin);
        using var call = new Talk.TalkClient(channel).Repeat(new Word { Text = "5000" });

        var words = 0;
        while (await call.ResponseStream.MoveNext(CancellationToken.None).InTime())
            words++;

        Assert.Equal(5000, words);
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_conversation_goes_word_by_word(bool isTls)
    {
        await using var origin = await StartAsync(isTls);
        using var channel = Open(origin);
        using var call = new Talk.TalkClient(channel).Echo();

        // Each word waits for the answer to the one before.
        foreach (var word in new[] { "one", "two", "three" })
            await SayAsync(call, word);

        await call.RequestStream.CompleteAsync().InTime();
        Assert.False(await call.ResponseStream.MoveNext(CancellationToken.None).InTime());
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [Theory]
    [InlineData(true, StatusCode.Cancelled)]
    [InlineData(false, StatusCode.Cancelled)]
    [InlineData(true, StatusCode.DeadlineExceeded)]
    [InlineData(false, StatusCode.DeadlineExceeded)]
    public async Task A_call_that_is_given_up_is_given_up_at_the_origin_and_the_next_is_answered(bool isTls, StatusCode how)
    {
        await using var origin = await StartAsync(isTls);
        using var channel = Open(origin);
        var client = new Talk.TalkClient(channel);
        using var cancel = new CancellationTokenSource();
        DateTime? deadline = how == StatusCode.DeadlineExceeded ? DateTime.UtcNow.AddSeconds(1) : null;

        var call = client.WaitAsync(new Word(), deadline: deadline, cancellationToken: cancel.Token);
        if (how == StatusCode.Cancelled)
        {
            await origin.Waiting.Begun.Task.InTime();
            await cancel.CancelAsync();
        }

        Assert.Equal(how, (await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync.InTime())).StatusCode);
        if (origin.Waiting.Begun.Task.IsCompleted)
            await origin.Waiting.Ended.Task.InTime();
        var next = client.SayAsync(new Word { Text = "next" }, new Metadata { { TalkService.Field, "1" } });
        Assert.Equal("next", (await next.ResponseAsync.InTime()).Text);

        // What others do by the same connection goes on: it is the call that ended, not the connection.
        Assert.Equal(1, origin.Connections);
        channel.Dispose();
        await node.Proxy.SessionToAsync(origin.Port);
    }

    /// <summary>Given up before there is an answer, between two words, and in the middle of many.</summary>
    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Calls_that_are_given_up_end_no_other_of_the_same_connection(bool isTls)
    {
        await using var origin = await StartAsync(isTls);
        using var channel = Open(origin);
        var client = new Talk.TalkClient(channel);
        using var lasting = client.Echo();
        for (var i = 0; i < 10; i++)
        {
            using (var waiting = client.WaitAsync(new Word()))
                await origin.Waiting.Begun.Task.InTime();
            using (var conversing = client.Echo())
                await SayAsync(conversing, "first");
            using (var many = client.Repeat(new Word { Text = "5000" }))
                Assert.True(await many.ResponseStream.MoveNext(CancellationToken.None).InTime());
            await SayAsync(lasting, $"{i}");
        }

        await lasting.RequestStream.CompleteAsync().InTime();
        Assert.False(await lasting.ResponseStream.MoveNext(CancellationToken.None).InTime());
        Assert.Equal((StatusCode.OK, 1), (lasting.GetStatus().StatusCode, origin.Connections));
    }

    private static async Task SayAsync(AsyncDuplexStreamingCall<Word, Word> call, string word)
    {
        await call.RequestStream.WriteAsync(new Word { Text = word }).InTime();
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None).InTime());
        Assert.Equal(word, call.ResponseStream.Current.Text);
    }

    private Task<WebOrigin> StartAsync(bool isTls) =>
        WebOrigin.StartAsync(isTls ? node.Files.Issue("www.test") : null, HttpProtocols.Http2);

    // Given a handler, it would look the name up by itself.
    private GrpcChannel Open(WebOrigin origin) => GrpcChannel.ForAddress(
        origin.Url("www.test", ""), new GrpcChannelOptions { HttpClient = new HttpClient(node.Client()), DisposeHttpClient = true });
}
