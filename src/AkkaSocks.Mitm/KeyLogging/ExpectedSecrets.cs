using System.Buffers;
using AkkaSocks.Mitm.Sniffing;

namespace AkkaSocks.Mitm.KeyLogging;

/// <summary>
/// Whose secrets belong into the key log: those of handshakes that were announced. The process tells the secrets of all its TLS; those of
/// listeners, of the cluster and of stores are nobody's business. For several threads.
/// </summary>
/// <param name="most">Handshakes that are remembered; the oldest are forgotten first.</param>
internal sealed class ExpectedSecrets(int most)
{
    private readonly Lock _lock = new();
    private readonly HashSet<ClientRandom> _randoms = [];
    private readonly Queue<ClientRandom> _ages = new();

    /// <summary>A handshake begins. It is remembered until others have taken its place: when the last of its secrets comes nobody says.
    /// </summary>
    public void Add(ClientRandom random)
    {
        lock (_lock)
        {
            if (!_randoms.Add(random))
                return;
            _ages.Enqueue(random);
            if (_ages.Count > most)
                _randoms.Remove(_ages.Dequeue());
        }
    }

    /// <summary>Whether a line is to be written.</summary>
    /// <param name="line">As NSS has it: <c>LABEL random secret</c>, both in hexadecimal.</param>
    public bool Covers(ReadOnlySpan<char> line)
    {
        Span<Range> words = stackalloc Range[4];
        Span<byte> random = stackalloc byte[ClientRandom.Length];
        if (line.Split(words, ' ') != 3 || line[words[1]].Length != 2 * ClientRandom.Length)
            return false;
        if (Convert.FromHexString(line[words[1]], random, out _, out _) != OperationStatus.Done)
            return false;
        lock (_lock)
            return _randoms.Contains(ClientRandom.Of(random));
    }
}
