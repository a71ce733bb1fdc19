using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Outcomes;

namespace AkkaSocks.Proxy.Limits;

/// <summary>
/// How many UDP associations each user has on this node, and all together: each takes a port and up to four descriptors, hence a
/// second place of the <see cref="ConnectionGate"/>, which alone holds clients without a name. Any thread may call it.
/// </summary>
internal sealed class AssociationGate(int? maxPerUser, ConnectionGate node)
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
    /// <returns><see cref="Refusal.None"/>, or why there is none.</returns>
    public Refusal TryEnter(UserName? user)
    {
        if (!TryCount(user))
            return Refusal.TooManyAssociationsOfUser;
        if (node.TryTakeSecond())
            return Refusal.None;
        Discount(user);
        return Refusal.TooManySessions;
    }

    /// <summary>Why this user would get none now.</summary>
    public Refusal Objection(UserName? user)
    {
        if (user is { } name)
        {
            lock (_lock)
            {
                if (IsFull(_associations.GetValueOrDefault(name)))
                    return Refusal.TooManyAssociationsOfUser;
            }
        }

        return node.IsFullForTwo ? Refusal.TooManySessions : Refusal.None;
    }

    /// <summary>Gives a place back.</summary>
    public void Leave(UserName? user)
    {
        Discount(user);
        node.ReturnSecond();
    }

    private bool TryCount(UserName? user)
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

    private void Discount(UserName? user)
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
