using AkkaSocks.Protocol;

namespace AkkaSocks.Proxy.Auth.Users;

/// <summary>Names in the order of their bytes, which for UTF-8 is that of the code points.</summary>
internal static class UserNameOrder
{
    /// <summary>First to last.</summary>
    public static readonly IComparer<UserName> Ascending =
        Comparer<UserName>.Create((a, b) => a.Bytes.SequenceCompareTo(b.Bytes));

    /// <summary>Last to first.</summary>
    public static readonly IComparer<UserName> Descending =
        Comparer<UserName>.Create((a, b) => b.Bytes.SequenceCompareTo(a.Bytes));
}
