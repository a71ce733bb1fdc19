using System.Globalization;
using System.Runtime.Versioning;
using AkkaSocks.Benchmarks.Intercept;
using AkkaSocks.Benchmarks.Proxies;
using AkkaSocks.Benchmarks.Proxies.Load;
using BenchmarkDotNet.Running;

[assembly: SupportedOSPlatform("linux")]

switch (args)
{
    case ["proxies", .. var words]:
        return ProxiesVerb.Run(words);
    case ["intercept", .. var words]:
        return InterceptVerb.Run(words);
    case ["selfcheck"]:
        return SelfCheck.Run();
    case ["load", var mode, .. var words]:
        return LoadVerb.Run(mode, words);
    case ["origin", var port]:
        Native.EndWithParent();
        Origin.Run(int.Parse(port, CultureInfo.InvariantCulture));
        return 0;
    case ["weborigin", var port]:
        Native.EndWithParent();
        WebOrigin.Run(int.Parse(port, CultureInfo.InvariantCulture));
        return 0;
    case ["micro", .. var words]:
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(words);
        return 0;
    default:
        Console.Error.WriteLine("""
            verbs:
              proxies [options]        compare proxies; `proxies --help` lists the options
              intercept [options]      what looking into HTTPS costs, beside mitmproxy; `intercept --help` lists the options
              micro [options]          codecs, admission, actors and graphs by themselves (BenchmarkDotNet's options; --filter '*' runs all)
              selfcheck                the load generator against its own origin
              load MODE key=value…     one measurement (rate, pingpong, bulk, idle, tlsrate, tlsbulk, tlsidle, udp, udpidle, verify, web, webdelay,
                                       webidle), one JSON line
              origin PORT              the destination of all loads; weborigin PORT of those over HTTPS
            """);
        return 2;
}
