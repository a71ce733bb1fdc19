using System.Text;

namespace AkkaSocks.Proxy.Settings.Hocon;

/// <summary>Reads configuration files, and the files they include, into trees.</summary>
internal sealed class ConfigFile
{
    // A configuration is written by people; what is larger was named by mistake, and a device may never end.
    private const int MaxBytes = 4 * 1024 * 1024;
    private const int MaxIncludes = 16;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ProblemList _problems;
    private readonly IReadOnlyDictionary<string, string> _environment;
    private readonly ICollection<string> _files;
    private readonly Stack<string> _open = new();

    private ConfigFile(IReadOnlyDictionary<string, string> environment, ProblemList problems, ICollection<string> files) =>
        (_environment, _problems, _files) = (environment, problems, files);

    /// <summary>The tree of a file; null when there is a problem with it, which then is on the list.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="environment">Where <c>${NAME}</c> is looked up.</param>
    /// <param name="problems">Where problems go.</param>
    /// <param name="files">Where the full paths of all that is read go.</param>
    public static HoconObject? Read(
        string path, IReadOnlyDictionary<string, string> environment, ProblemList problems, ICollection<string> files) =>
        new ConfigFile(environment, problems, files).Read(path, new Origin(path, null), say: "");

    private HoconObject? Read(string path, Origin at, string say)
    {
        if (TryReadBytes(path, out var problem) is not { } bytes)
        {
            _problems.Add(at, KeyPath.Root, say + problem);
            return null;
        }

        if (Decoded(path, bytes) is not { } text)
            return null;

        _open.Push(Path.GetFullPath(path));
        _files.Add(Path.GetFullPath(path));
        var tree = HoconParser.ParseDocument(path, text, new HoconParserContext(_environment, Include, _problems));
        _open.Pop();
        return tree;

        HoconObject? Include(string name, Origin origin)
        {
            var included = Path.Combine(Path.GetDirectoryName(path) ?? "", name);
            var words = $"include {HoconQuote.Of(name)}: ";
            var refusal = name.Length == 0 || name.Contains('\0') ? "names no file"
                : _open.Contains(Path.GetFullPath(included)) ? "the file includes itself"
                : _open.Count > MaxIncludes ? $"files include each other more than {MaxIncludes} deep"
                : null;
            if (refusal is null)
                return Read(included, origin, words);
            _problems.Add(origin, KeyPath.Root, words + refusal);
            return null;
        }
    }

    private static byte[]? TryReadBytes(string path, out string problem)
    {
        problem = "";
        if (Directory.Exists(path))
            problem = "is a directory; a file is needed";
        else
        {
            try
            {
                using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
                var bytes = new byte[MaxBytes + 1];
                var length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
                if (length <= MaxBytes)
                    return bytes[..length];
                problem = "is larger than 4 MiB, which no configuration is";
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
            {
                problem = "there is no such file";
            }
            catch (UnauthorizedAccessException)
            {
                problem = "this process may not read it";
            }
            catch (Exception e) when (e is IOException or ArgumentException or NotSupportedException)
            {
                problem = $"cannot be read: {e.Message}";
            }
        }

        return null;
    }

    private string? Decoded(string path, byte[] bytes)
    {
        try
        {
            var start = bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0;
            return StrictUtf8.GetString(bytes, start, bytes.Length - start);
        }
        catch (DecoderFallbackException)
        {
            var line = 1 + bytes.AsSpan(0, ValidLength(bytes)).Count((byte)'\n');
            _problems.Add(new Origin(path, line), KeyPath.Root, "is not UTF-8 text");
            return null;
        }
    }

    private static int ValidLength(ReadOnlySpan<byte> bytes)
    {
        var valid = 0;
        while (Rune.DecodeFromUtf8(bytes[valid..], out _, out var length) == System.Buffers.OperationStatus.Done)
            valid += length;
        return valid;
    }
}
