namespace AkkaSocks.Proxy.Auth.Sessions;

/// <summary>One run of one node. A node that comes back after a restart is another one, and inherits nothing.</summary>
/// <param name="Address">Where its registry is reached: an Akka address without a path.</param>
/// <param name="Uid">Drawn anew at every start.</param>
internal readonly record struct NodeIncarnation(string Address, int Uid)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Address}#{Uid}";
}
