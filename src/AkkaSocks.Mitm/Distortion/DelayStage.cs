using System.Diagnostics;
using Akka.IO;
using Akka.Streams;
using Akka.Streams.Stage;

namespace AkkaSocks.Mitm.Distortion;

/// <summary>
/// Passes each piece on later, as a long line does: what comes meanwhile is on its way as well, up to so many pieces, and none overtakes
/// another.
/// </summary>
internal sealed class DelayStage(TimeSpan by, TimeSpan jitter, Random random) : BytesStage
{
    // 4 MiB at most of a direction that is delayed.
    private const int MaxUnderWay = 64;

    /// <inheritdoc/>
    protected override GraphStageLogic CreateLogic(Attributes inheritedAttributes) => new Logic(this, by, jitter, random);

    private sealed class Logic : TimerGraphStageLogic, IInHandler, IOutHandler
    {
        private static readonly object Due = new();

        private readonly DelayStage _stage;
        private readonly TimeSpan _by, _jitter;
        private readonly Random _random;
        private readonly Queue<(ByteString Bytes, TimeSpan At)> _underWay = [];
        private readonly long _begun = Stopwatch.GetTimestamp();
        private TimeSpan _last;

        public Logic(DelayStage stage, TimeSpan by, TimeSpan jitter, Random random)
            : base(stage.Shape)
        {
            (_stage, _by, _jitter, _random) = (stage, by, jitter, random);
            SetHandler(stage.Inlet, this);
            SetHandler(stage.Outlet, this);
        }

        private TimeSpan Now => Stopwatch.GetElapsedTime(_begun);

        public void OnPush()
        {
            var at = Now + _by + (_jitter * _random.NextDouble());
            _last = at > _last ? at : _last;
            _underWay.Enqueue((Grab(_stage.Inlet), _last));
            if (_underWay.Count < MaxUnderWay)
                Pull(_stage.Inlet);
            Go();
        }

        public void OnPull()
        {
            Go();
            if (!HasBeenPulled(_stage.Inlet) && !IsClosed(_stage.Inlet) && _underWay.Count < MaxUnderWay)
                Pull(_stage.Inlet);
        }

        public void OnUpstreamFinish()
        {
            if (_underWay.Count == 0)
                CompleteStage();
        }

        public void OnUpstreamFailure(Exception e) => FailStage(e);

        public void OnDownstreamFinish(Exception cause) => CancelStage(cause);

        protected override void OnTimer(object timerKey) => Go();

        private void Go()
        {
            if (_underWay.Count == 0 || !IsAvailable(_stage.Outlet))
                return;
            var left = _underWay.Peek().At - Now;
            if (left > TimeSpan.Zero)
            {
                if (!IsTimerActive(Due))
                    ScheduleOnce(Due, left);
                return;
            }

            Push(_stage.Outlet, _underWay.Dequeue().Bytes);
            if (_underWay.Count == 0 && IsClosed(_stage.Inlet))
                CompleteStage();
        }
    }
}
