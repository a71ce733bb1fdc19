namespace AkkaSocks.Proxy.Auth;

/// <summary>A message that may cross from one node to another. Only what bears this mark is serialized; it says nothing
/// else.</summary>
internal interface IClusterMessage;
