using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Limits;

namespace AkkaSocks.Proxy.Auth.Bans;

/// <summary>Who a client says it is, and where it comes from.</summary>
internal readonly record struct LoginOrigin(UserName User, ClientNetwork Network);
