namespace AkkaSocks.Proxy.Auth.Users.Storing;

/// <summary>Where users outlive the process. All of it blocks, so it is for start and for the thread of the <see cref="UserWriter"/>.</summary>
internal interface IUserTable : IDisposable
{
    /// <summary>All records, tombstones included, in any order.</summary>
    /// <exception cref="UserStoreException">They cannot be read.</exception>
    IReadOnlyCollection<UserRecord> ReadAll();

    /// <summary>Stores records in one transaction, each over an older one of its name and never over a newer one.</summary>
    /// <returns>The records as they are to be known from now on, in the same order.</returns>
    /// <exception cref="UserStoreException">None of them is stored.</exception>
    IReadOnlyList<UserRecord> Write(IReadOnlyList<UserRecord> users);

    /// <summary>Deletes the tombstones of before a revision.</summary>
    /// <exception cref="UserStoreException">They are still there.</exception>
    void Purge(long before);
}
