using System.Security.Cryptography;

namespace AkkaSocks.Proxy.Telemetry;

/// <summary>A session's name: 24 random bits of the node's run, then a counter. Written as 13 letters and digits.</summary>
internal readonly record struct SessionId(ulong Value)
{
    // Crockford's base 32: no letter that is read as another.
    private const string Digits = "0123456789abcdefghjkmnpqrstvwxyz";

    private const int Length = 13;

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    public static bool TryParse(string text, out SessionId id)
    {
        var value = 0UL;
        foreach (var letter in text)
            value = (value << 5) | (uint)Digits.IndexOf(letter);
        id = new SessionId(value);

        // Thirteen digits have one bit too many; what was lost, and what was no digit, shows in writing it back.
        return text.Length == Length && id.ToString() == text;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(Length, Value, static (text, value) =>
    {
        for (var i = text.Length - 1; i >= 0; i--, value >>= 5)
            text[i] = Digits[(int)(value & 31)];
    });

    /// <summary>Gives out ids that no other run of any node gives out (but for a chance of 1 in 16 million per pair).</summary>
    internal sealed class Source
    {
        private long _next = (long)((ulong)RandomNumberGenerator.GetInt32(1 << 24) << 40);

        /// <summary>The next id. From any thread.</summary>
        public SessionId Next() => new((ulong)Interlocked.Increment(ref _next));
    }
}
