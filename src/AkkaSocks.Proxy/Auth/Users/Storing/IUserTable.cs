namespace AkkaSocks.Proxy.Auth.Users.Storing;

/// <summary>Where users outlive the process. All of it blocks, so it is for the thread of the <see cref="UserWriter"/>.</summary>
internal interface IUserTable : IDisposable
{
    /// <summary>Stores records in one transaction.</summary>
    /// <returns>The records as they are to be known from now on, in the same order.</returns>
    /// <exception cref="UserStoreException">None of them is stored.</exception>
    IReadOnlyList<UserRecord> Write(IReadOnlyList<UserRecord> users);

    /// <summary>Deletes the tombstones of before a revision.</summary>
    /// <exception cref="UserStoreException">They are still there.</exception>
    void Purge(long before);
}
