namespace AkkaSocks.Proxy.Transport.Epoll;

/// <summary>What an <see cref="EventLoop"/> keeps for a descriptor.</summary>
internal interface IEpollSocket
{
    /// <summary>Which use of the descriptor this is; set by the loop.</summary>
    uint Generation { get; set; }

    /// <summary>What epoll reported for the descriptor.</summary>
    void OnEvents(uint happened);

    /// <summary>Closes the descriptor. Harmless when closed already.</summary>
    void Close();
}
