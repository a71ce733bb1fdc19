using System.ComponentModel;
using System.Runtime.InteropServices;

namespace AkkaSocks.EndToEnd.Tests.Harness;

/// <summary>A named network namespace: where processes can run, and where sockets of this process can be.</summary>
internal sealed class NetworkNamespace : IDisposable
{
    private const int NewNetwork = 0x40000000;

    private readonly string _name;

    /// <summary>Makes it, with loopback up.</summary>
    /// <param name="name">Unique on this machine.</param>
    /// <param name="outside">From where its processes are reached; null where they are not.</param>
    public NetworkNamespace(string name, NetworkNamespace? outside = null)
    {
        (_name, Outside) = (name, outside);
        Run("ip", "netns", "add", name);
        RunHere("ip", "link", "set", "lo", "up");
    }

    public NetworkNamespace? Outside { get; }

    public string Name => _name;

    /// <summary>The command that starts another one in here and becomes it.</summary>
    public string[] Launcher => ["ip", "netns", "exec", _name];

    /// <summary>Makes something, such as a socket, that then is in a namespace for good.</summary>
    public static T Within<T>(NetworkNamespace? network, Func<T> make)
    {
        if (network is null)
            return make();
        T? made = default;
        Exception? failure = null;

        // A thread that moved never comes back to the pool.
        var thread = new Thread(() =>
        {
            try
            {
                using var file = File.OpenHandle($"/run/netns/{network._name}");
                if (SetNamespace((int)file.DangerousGetHandle(), NewNetwork) != 0)
                    throw new Win32Exception();
                made = make();
            }
            catch (Exception thrown)
            {
                failure = thrown;
            }
        });
        thread.Start();
        thread.Join();
        return failure is null ? made! : throw new InvalidOperationException($"Not to be had in {network._name}.", failure);
    }

    /// <summary>Runs a command in here to its end.</summary>
    public void RunHere(params string[] command) => Run([.. Launcher, .. command]);

    public void Dispose() => Run("ip", "netns", "del", _name);

    private static void Run(params string[] command)
    {
        var outcome = Tool.RunAsync(command[0], command[1..]).Result;
        if (outcome.ExitCode != 0)
            throw new InvalidOperationException($"{string.Join(' ', command)}: {outcome.Errors}");
    }

    [DllImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static extern int SetNamespace(int file, int kind);
}
