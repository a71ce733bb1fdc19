using System.Collections.Immutable;
using System.CommandLine;
using System.Text;
using AkkaSocks.Proxy.Auth;
using AkkaSocks.Proxy.Listening;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Server.Hosting;
using Microsoft.Extensions.Hosting;

namespace AkkaSocks.Server.Verbs;

/// <summary><c>akkasocks run</c>: the proxy, until SIGINT or SIGTERM.</summary>
internal sealed class RunVerb : Command
{
    /// <summary>The verb with its options.</summary>
    public RunVerb()
        : base("run", "Runs the proxy until it is interrupted.")
    {
        var files = ConfigOptions.Files();
        var port = new Option<string>("-p", "--port")
        {
            HelpName = "PORT", Description = "Listens on 127.0.0.1:PORT as listeners.main; 0 takes any free port.",
        };
        var user = new Option<string>("-u", "--user") { HelpName = "USER", Description = "Asks for a password, and lets this user in." };
        var password = new Option<string>("-P", "--password")
        {
            HelpName = "PASSWORD", Description = "The password of -u. Others on this machine can see it; better a configuration file.",
        };
        Add(files);
        Add(port);
        Add(user);
        Add(password);
        Validators.Add(result =>
        {
            var (name, clear) = (result.GetValue(user), result.GetValue(password));
            if ((name is null) != (clear is null))
                result.AddError("-u and -P go together");
            else if (clear is not null && ClearPassword.Problem(Encoding.UTF8.GetBytes(clear)) is { } problem)
                result.AddError($"-P: {problem}");
        });
        SetAction(parsed =>
            RunAsync(parsed.GetValue(files), [.. Port(parsed.GetValue(port)), .. User(parsed.GetValue(user), parsed.GetValue(password))]));
    }

    private static ImmutableArray<SettingsOverride> Port(string? port) =>
        port is null ? [] : [new("option -p", ["akkasocks", "listeners", "main", "endpoint"], $"127.0.0.1:{port}")];

    private static ImmutableArray<SettingsOverride> User(string? name, string? password) => name is null || password is null
        ? []
        :
        [
            new("option -u", ["akkasocks", "auth", "methods"], "[password]"),
            new("option -u", ["akkasocks", "auth", "users", name, "password"], PasswordHash.Create(Encoding.UTF8.GetBytes(password))),
        ];

    private static async Task<int> RunAsync(string[]? files, ImmutableArray<SettingsOverride> options)
    {
        if (!ConfigOptions.TryLoad(files, options, out var settings, out var problems))
        {
            CheckVerb.Tell(problems);
            return ExitCode.WrongUsage;
        }

        using var host = NodeHost.Create(settings);
        try
        {
            await host.StartAsync();
        }
        catch (StartFailedException e)
        {
            await Console.Error.WriteLineAsync($"akkasocks: {Words(e)}");
            await host.StopAsync();
            return ExitCode.Failed;
        }

        await host.WaitForShutdownAsync();
        return ExitCode.Done;
    }

    private static string Words(StartFailedException e) => e is BindFailedException bind
        ? $"the listener {bind.Listener.Name} cannot have {bind.Listener.Endpoint}: {bind.Error.Words()}"
        : e.Message;
}
