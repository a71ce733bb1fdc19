using AkkaSocks.Proxy.Auth;
using Google.Protobuf;

namespace AkkaSocks.Proxy.Clustering;

/// <summary>How one type of message is written, and read again.</summary>
internal sealed class MessageFormat
{
    private readonly Func<IClusterMessage, byte[]> _write;
    private readonly Func<byte[], IClusterMessage> _read;

    private MessageFormat(string manifest, Type type, Func<IClusterMessage, byte[]> write, Func<byte[], IClusterMessage> read) =>
        (Manifest, Type, _write, _read) = (manifest, type, write, read);

    /// <summary>Stands for the type on the wire: never given to another type.</summary>
    public string Manifest { get; }

    /// <summary>The type of message.</summary>
    public Type Type { get; }

    /// <summary>The bytes of a message.</summary>
    public byte[] Write(IClusterMessage message) => _write(message);

    /// <summary>The message of these bytes.</summary>
    /// <exception cref="InvalidProtocolBufferException">They are no frame.</exception>
    /// <exception cref="ArgumentException">A value in them cannot be.</exception>
    /// <exception cref="System.Runtime.Serialization.SerializationException">The frame says what cannot be.</exception>
    public IClusterMessage Read(byte[] bytes) => _read(bytes);

    /// <summary>A type with its frame.</summary>
    /// <param name="manifest">Its name on the wire.</param>
    /// <param name="parser">Of the frame.</param>
    /// <param name="write">The frame of a message.</param>
    /// <param name="read">The message of a frame; throws <see cref="System.Runtime.Serialization.SerializationException"/> where it cannot be.</param>
    public static MessageFormat Of<TMessage, TFrame>(
        string manifest, MessageParser<TFrame> parser, Func<TMessage, TFrame> write, Func<TFrame, TMessage> read)
        where TMessage : class, IClusterMessage
        where TFrame : class, IMessage<TFrame> =>
        new(manifest, typeof(TMessage), message => write((TMessage)message).ToByteArray(), bytes => read(parser.ParseFrom(bytes)));

    /// <summary>A type whose bytes are made elsewhere.</summary>
    /// <param name="manifest">Its name on the wire.</param>
    /// <param name="write">The bytes of a message.</param>
    /// <param name="read">The message of a manifest and these bytes.</param>
    public static MessageFormat Of<TMessage>(string manifest, Func<IClusterMessage, byte[]> write, Func<string, byte[], IClusterMessage> read)
        where TMessage : class, IClusterMessage =>
        new(manifest, typeof(TMessage), write, bytes => read(manifest, bytes));
}
