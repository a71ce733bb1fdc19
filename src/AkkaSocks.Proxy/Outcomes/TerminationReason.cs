namespace AkkaSocks.Proxy.Outcomes;

/// <summary>Why a session was killed: a closed set.</summary>
internal enum TerminationReason : byte
{
    /// <summary>An operator ended it.</summary>
    Operator,

    /// <summary>Its user was removed or disabled.</summary>
    UserRevoked,

    /// <summary>Its user has another password now.</summary>
    PasswordChanged,

    /// <summary>Its user's time is over.</summary>
    UserExpired,

    /// <summary>An operator has banned its user or its address.</summary>
    Banned,
}
