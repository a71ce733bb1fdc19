namespace AkkaSocks.Proxy.Auth.Users.Storing;

/// <summary>The store of users did not do what it was asked.</summary>
/// <param name="store">Which: a path, or a host and database; never a password.</param>
/// <param name="reason">Why, in words that can follow a colon.</param>
/// <param name="cause">What the driver threw.</param>
internal sealed class UserStoreException(string store, string reason, Exception? cause = null)
    : Exception($"the user store {store}: {reason}", cause)
{
    /// <summary>Why, in words that can follow a colon.</summary>
    public string Reason => reason;

    /// <summary>Why a store is not opened that a newer program has made.</summary>
    public static string TooNew(int version, int known) =>
        $"its version is {version}, and this akkasocks knows {known}; run a newer one";
}
