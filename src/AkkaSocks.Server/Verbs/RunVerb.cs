using System.Collections.Immutable;
using System.CommandLine;
using System.Net.Sockets;
using System.Text;
using AkkaSocks.Proxy.Auth;
using AkkaSocks.Proxy.Listening;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Server.Admin;
using AkkaSocks.Server.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AkkaSocks.Server.Verbs;

/// <summary><c>akkasocks run</c>: the proxy, until SIGINT or SIGTERM.</summary>
internal sealed class RunVerb : Command
{
    private const string OtherPort = "another port (-p PORT, 0 for any)";
    private const string OtherEndpoint = "another admin.endpoint (\"\" for none)";

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

        if (!TryListen(settings.Proxy.Admin, out var admin))
            return ExitCode.Failed;
        IHost host;
        try
        {
            host = NodeHost.Create(
                settings, admin, () => ConfigOptions.TryLoad(files, options, out var again, out var mistakes) ? new(again, []) : new(null, mistakes));
        }
        catch (StartFailedException e)
        {
            await Console.Error.WriteLineAsync($"akkasocks: {Words(e)}");
            return ExitCode.Failed;
        }

        using (host)
            return await RunAsync(host);
    }

    private static async Task<int> RunAsync(IHost host)
    {
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
        catch (OperationCanceledException)
        {
            // A signal came before all had started.
            await host.StopAsync();
            return ExitCode.Done;
        }

        await host.WaitForShutdownAsync();
        if (!host.Services.GetRequiredService<NodeLifetime>().MustStartAgain)
            return ExitCode.Done;
        await Console.Error.WriteLineAsync("akkasocks: this node has lost its cluster, its log says how; it has drained and must be started again");
        return ExitCode.Failed;
    }

    private static string Words(StartFailedException e) => e is BindFailedException bind
        ? $"the listener {bind.Listener.Name} cannot have {bind.Listener.Endpoint}: {bind.Error.Words(OtherPort)}"
        : e.Message;

    /// <summary>Has the admin API's socket, if there is to be one; false when the proxy must not start without.</summary>
    private static bool TryListen(AdminSettings settings, out AdminSocket? socket)
    {
        socket = null;
        if (settings.Endpoint is not { } endpoint)
            return true;
        try
        {
            socket = new AdminSocket(endpoint);
            return true;
        }
        catch (SocketException e)
        {
            // Without a token there is nothing but health to be had there, which is no reason not to serve: two proxies started
            // by hand on one machine both take the usual port.
            var goesOn = settings is { Token: null, ReadToken: null };
            Console.Error.WriteLine($"akkasocks: the admin API cannot have {endpoint}: {e.SocketErrorCode.Words(OtherEndpoint)}"
                + (goesOn ? "; it runs without" : ""));
            return goesOn;
        }
    }
}
