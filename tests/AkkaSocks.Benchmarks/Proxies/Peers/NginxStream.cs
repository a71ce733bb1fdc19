namespace AkkaSocks.Benchmarks.Proxies.Peers;

/// <summary>nginx with its stream module: a worker per core, no access log, 64 KiB buffers.</summary>
internal sealed class NginxStream : Subject
{
    /// <summary>Where distributions that build the module apart put it.</summary>
    private const string Module = "/usr/lib/nginx/modules/ngx_stream_module.so";

    public override string Name => "nginx-stream";

    public override Standing Standing => Standing.Floor;

    public override bool TakesPassword => false;

    public override string? Find() => Executables.Find("nginx");

    public override Launch Prepare(Site site, string executable)
    {
        var load = File.Exists(Module) ? $"load_module {Module};" : "";
        var conf = site.Write("nginx.conf", $$"""
            {{load}}
            worker_processes {{Environment.ProcessorCount}};
            worker_rlimit_nofile {{Site.Descriptors}};
            daemon off;
            pid {{site.Directory}}/nginx.pid;
            error_log stderr crit;
            events { worker_connections 16000; }
            stream {
              access_log off;
              tcp_nodelay on;
              proxy_buffer_size 64k;
              {{Forward("main", site.Port, site.OriginPort)}}
              {{Forward("quiet", site.QuietPort, site.QuietOriginPort)}}
            }

            """);
        return new Launch(executable, "-p", site.Directory, "-e", "stderr", "-c", conf);
    }

    private static string Forward(string name, int port, int origin)
        => $"upstream {name} {{ {string.Join(' ', Site.OriginAddresses.Select(address => $"server {address}:{origin};"))} }} "
            + $"server {{ listen 127.0.0.1:{port} reuseport backlog=4096; proxy_pass {name}; }}";
}
