using System.Reflection;
using System.Runtime.Loader;

namespace AkkaSocks.Mitm.Extensions;

/// <summary>
/// Types that are not ours: <c>Namespace.Type, Assembly</c>, the assembly beside the program, or
/// <c>Namespace.Type, /path/to/File.dll</c>.
/// </summary>
internal static class ExtensionTypes
{
    /// <summary>Creates one by its constructor without parameters.</summary>
    /// <param name="name">The type's name.</param>
    /// <param name="key">The key that names it, for messages.</param>
    /// <exception cref="ExtensionUnavailableException">There is none, or it is no <typeparamref name="T"/>, or it throws.</exception>
    public static T Create<T>(string name, string key)
        where T : class
    {
        try
        {
            return Activator.CreateInstance(Find(name)) as T
                ?? throw new InvalidOperationException($"it does not implement {typeof(T).FullName}");
        }
        catch (TargetInvocationException e)
        {
            throw new ExtensionUnavailableException(key, name, e.InnerException ?? e);
        }
        catch (Exception e) when (e is not ExtensionUnavailableException)
        {
            // Whatever loading somebody else's code can end in: all of it means that the node cannot start as configured.
            throw new ExtensionUnavailableException(key, name, e);
        }
    }

    private static Type Find(string name)
    {
        var comma = name.IndexOf(',', StringComparison.Ordinal);
        if (comma < 0)
            throw new ArgumentException("expected a type and its assembly, such as \"My.Type, My.Assembly\"");
        var (type, assembly) = (name[..comma].Trim(), name[(comma + 1)..].Trim());
        var file = assembly.EndsWith(".dll", StringComparison.OrdinalIgnoreCase)
            ? Path.GetFullPath(assembly)
            : Path.Combine(AppContext.BaseDirectory, assembly + ".dll");
        var loaded = AppDomain.CurrentDomain.GetAssemblies().FirstOrDefault(it => it.GetName().Name == assembly)
            ?? AssemblyLoadContext.Default.LoadFromAssemblyPath(file);
        return loaded.GetType(type, throwOnError: true)!;
    }
}
