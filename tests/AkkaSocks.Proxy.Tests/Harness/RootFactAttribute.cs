using System.Runtime.InteropServices;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Harness;

/// <summary>A test that needs a network namespace of its own, hence root on Linux; skipped elsewhere, and says so.</summary>
internal sealed partial class RootFactAttribute : FactAttribute
{
    public RootFactAttribute()
    {
        if (!OperatingSystem.IsLinux() || EffectiveUser() != 0)
            Skip = "needs root on Linux, for a network namespace";
    }

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();
}
