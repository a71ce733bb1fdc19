using System.Globalization;
using Grpc.Core;

namespace AkkaSocks.EndToEnd.Tests.Mitm;

/// <summary>The origin of a gRPC client.</summary>
internal sealed class TalkService(TalkService.Waiting waiting) : Talk.TalkBase
{
    /// <summary>What is answered with a status instead of a message; its description is no ASCII.</summary>
    public const string Unknown = "unknown", Description = "kein Wort: \u00fc";

    /// <summary>A field of the client's that comes back as one of the answer and as a trailer.</summary>
    public const string Field = "x-talk";

    /// <summary>A trailer of bytes.</summary>
    public const string BytesField = "x-talk-bin";

    public override async Task<Word> Say(Word request, ServerCallContext context)
    {
        if (request.Text == Unknown)
            throw new RpcException(new Status(StatusCode.NotFound, Description), new Metadata { { BytesField, [0, 255] } });
        await context.WriteResponseHeadersAsync(new Metadata { { Field, context.RequestHeaders.GetValue(Field)! } });
        context.ResponseTrailers.Add(Field, context.RequestHeaders.GetValue(Field)!);
        return request;
    }

    public override async Task Repeat(Word request, IServerStreamWriter<Word> responseStream, ServerCallContext context)
    {
        for (var i = int.Parse(request.Text, CultureInfo.InvariantCulture); i > 0; i--)
            await responseStream.WriteAsync(request);
    }

    public override async Task Echo(
        IAsyncStreamReader<Word> requestStream, IServerStreamWriter<Word> responseStream, ServerCallContext context)
    {
        await foreach (var word in requestStream.ReadAllAsync())
            await responseStream.WriteAsync(word);
    }

    public override async Task<Word> Wait(Word request, ServerCallContext context)
    {
        waiting.Begun.TrySetResult();
        var ended = new TaskCompletionSource();
        context.CancellationToken.Register(ended.SetResult);
        await ended.Task;
        waiting.Ended.TrySetResult();
        return request;
    }

    /// <summary>When a client of Wait has come, and when it is gone.</summary>
    internal sealed class Waiting
    {
        public TaskCompletionSource Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
