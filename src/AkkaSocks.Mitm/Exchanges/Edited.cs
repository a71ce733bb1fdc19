namespace AkkaSocks.Mitm.Exchanges;

/// <summary>What of an exchange a rule has changed, without answering it.</summary>
internal enum Edited
{
    /// <summary>What is remembered of it.</summary>
    Redaction,

    /// <summary>When it goes on.</summary>
    Delay,

    /// <summary>Fields of the request.</summary>
    RequestFields,

    /// <summary>The body of the request: it was decoded and looked through, whether or not something was found.</summary>
    RequestBody,

    /// <summary>How fast the request's body goes.</summary>
    RequestPace,

    /// <summary>Fields of the response.</summary>
    ResponseFields,

    /// <summary>The body of the response, as that of the request.</summary>
    ResponseBody,

    /// <summary>How fast the response's body goes.</summary>
    ResponsePace,
}
