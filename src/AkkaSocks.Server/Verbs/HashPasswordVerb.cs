using System.CommandLine;
using AkkaSocks.Proxy.Auth;

namespace AkkaSocks.Server.Verbs;

/// <summary><c>akkasocks hash-password</c>: a password from standard input becomes what <c>auth.users</c> holds.</summary>
internal sealed class HashPasswordVerb : Command
{
    /// <summary>The verb.</summary>
    public HashPasswordVerb()
        : base("hash-password", "Reads a password from standard input (one line; not shown on a terminal) and prints its hash for auth.users.")
    {
        Add(PasswordInput.Refused("hash-password"));
        SetAction(_ =>
        {
            var password = PasswordInput.Read();
            if (ClearPassword.Problem(password) is { } problem)
            {
                Console.Error.WriteLine($"akkasocks: {problem}");
                return ExitCode.Failed;
            }

            Console.Out.WriteLine(PasswordHash.Create(password));
            return ExitCode.Done;
        });
    }
}
