using System.CommandLine;
using System.Text;
using AkkaSocks.Proxy.Auth;

namespace AkkaSocks.Server.Verbs;

/// <summary><c>akkasocks hash-password</c>: a password from standard input becomes what <c>auth.users</c> holds. Never from an
/// argument: everybody on the machine can read those, and shells keep them.</summary>
internal sealed class HashPasswordVerb : Command
{
    /// <summary>The verb.</summary>
    public HashPasswordVerb()
        : base("hash-password", "Reads a password from standard input (one line; not shown on a terminal) and prints its hash for auth.users.")
    {
        // Declared only to be refused, so that the refusal does not repeat the password.
        var arguments = new Argument<string[]>("password") { Arity = ArgumentArity.ZeroOrMore, Hidden = true };
        arguments.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0)
                result.AddError("hash-password takes no argument, since others can see it; type the password when asked, or pipe it in");
        });
        Add(arguments);
        SetAction(_ =>
        {
            var password = Console.IsInputRedirected ? ReadLine(Console.OpenStandardInput()) : Ask();
            if (ClearPassword.Problem(password) is { } problem)
            {
                Console.Error.WriteLine($"akkasocks: {problem}");
                return ExitCode.Failed;
            }

            Console.Out.WriteLine(PasswordHash.Create(password));
            return ExitCode.Done;
        });
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
