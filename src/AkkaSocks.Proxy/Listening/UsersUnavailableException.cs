using AkkaSocks.Proxy.Auth.Users.Storing;

namespace AkkaSocks.Proxy.Listening;

/// <summary>The users could not be read: a node that knows nobody would refuse everybody.</summary>
internal sealed class UsersUnavailableException(UserStoreException cause) : StartFailedException(cause.Message, cause);
