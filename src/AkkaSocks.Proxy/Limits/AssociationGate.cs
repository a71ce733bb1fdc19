using AkkaSocks.Protocol;

namespace AkkaSocks.Proxy.Limits;

/// <summary>
/// How many UDP associations each user has on this node: each takes a port and up to four descriptors. Clients without a name are
/// held by <see cref="ConnectionGate"/> alone. Any thread may call it.
/// </summary>
internal sealed class AssociationGate(int? maxPerUser)
{
    private readonly Dictionary<UserName, int> _associations = [];
    private readonly Lock _lock = new();
    private int? _maxPerUser = maxPerUser;

    /// <summary>How many each user may have; null for no limit. Another one counts for new associations.</summary>
    public int? MaxPerUser
    {
        set
        {
            lock (_lock)
                _maxPerUser = value;
        }
    }

    /// <summary>Takes a place. Whoever got one gives it back by <see cref="Leave"/>, once.</summary>
    public bool TryEnter(UserName? user)
    {
        if (user is not { } name)
            return true;
        lock (_lock)
        {
            var now = _associations.GetValueOrDefault(name);
            if (IsFull(now))
                return false;
            _associations[name] = now + 1;
            return true;
        }
    }

    /// <summary>Whether nobody gets one more place for this user now.</summary>
    public bool IsFullFor(UserName? user)
    {
        if (user is not { } name)
            return false;
        lock (_lock)
            return IsFull(_associations.GetValueOrDefault(name));
    }

    /// <summary>Gives a place back.</summary>
    public void Leave(UserName? user)
    {
        if (user is not { } name)
            return;
        lock (_lock)
        {
            if (_associations[name] is var now and > 1)
                _associations[name] = now - 1;
            else
                _associations.Remove(name);
        }
    }

    private bool IsFull(int taken) => taken >= _maxPerUser;
}
