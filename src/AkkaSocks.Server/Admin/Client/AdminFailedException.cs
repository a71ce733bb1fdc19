namespace AkkaSocks.Server.Admin.Client;

/// <summary>The admin API was not reached, or refused; the message says what to do.</summary>
/// <param name="message">For the operator.</param>
/// <param name="isWrongUsage">What was asked is malformed: trying again changes nothing.</param>
internal sealed class AdminFailedException(string message, bool isWrongUsage = false) : Exception(message)
{
    /// <summary>Trying again changes nothing.</summary>
    public bool IsWrongUsage => isWrongUsage;
}
