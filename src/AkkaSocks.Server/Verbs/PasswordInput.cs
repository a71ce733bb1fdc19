using System.CommandLine;
using System.Text;
using AkkaSocks.Server.Admin.Client;

namespace AkkaSocks.Server.Verbs;

/// <summary>A password from standard input: one line, not shown on a terminal. Never from an argument: everybody on the machine
/// can read those, and shells keep them.</summary>
internal static class PasswordInput
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a password for the admin API, which takes text.</summary>
    /// <exception cref="AdminFailedException">It cannot be sent.</exception>
    public static string ReadText()
    {
        var password = Read();
        if (ClearPassword.Problem(password) is { } problem)
            throw new AdminFailedException(problem);
        try
        {
            return StrictUtf8.GetString(password);
        }
        catch (DecoderFallbackException)
        {
            throw new AdminFailedException("a password that is set through the admin API is text in UTF-8");
        }
    }

    /// <summary>Reads a password.</summary>
    public static byte[] Read() => Console.IsInputRedirected ? ReadLine(Console.OpenStandardInput()) : Ask();

    /// <summary>An argument that is there only to be refused, so that the refusal does not repeat the password.</summary>
    /// <param name="verb">Who refuses it.</param>
    public static Argument<string[]> Refused(string verb)
    {
        var arguments = new Argument<string[]>("password") { Arity = ArgumentArity.ZeroOrMore, Hidden = true };
        arguments.Validators.Add(result =>
        {
            if (result.Tokens.Count == 0)
                return;
            result.AddError(
                $"{verb} takes no argument for the password, since others can see it; type it when asked, or pipe it in");
        });
        return arguments;
    }

    /// <summary>The bytes up to the end of the first line, and no more than show that it is too long.</summary>
    private static byte[] ReadLine(Stream input)
    {
        var line = new List<byte>();
        while (line.Count <= ClearPassword.MaxBytes + 1 && input.ReadByte() is var next and not -1 and not '\n')
            line.Add((byte)next);
        if (line is [.., (byte)'\r'])
            line.RemoveAt(line.Count - 1);
        return [.. line];
    }

    private static byte[] Ask()
    {
        Console.Error.Write("Password: ");
        var password = new StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key == ConsoleKey.Backspace)
                password.Length = Math.Max(0, password.Length - 1);
            else if (!char.IsControl(key.KeyChar))
                password.Append(key.KeyChar);
        }

        Console.Error.WriteLine();
        return Encoding.UTF8.GetBytes(password.ToString());
    }
}
