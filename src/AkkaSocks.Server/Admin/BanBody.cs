using System.Collections.Immutable;
using System.Text.Json;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Auth.Bans;
using AkkaSocks.Proxy.Limits;
using AkkaSocks.Proxy.Settings.Reading;
using AkkaSocks.Server.Admin.Documents;

namespace AkkaSocks.Server.Admin;

/// <summary>The body of <c>POST /v1/bans</c>, read strictly.</summary>
internal sealed class BanBody
{
    private const int MaxReason = 200;
    private static readonly ValueReader<TimeSpan> ReadSpan = DurationText.Between(TimeSpan.FromSeconds(1), TimeSpan.FromDays(365));
    private static readonly string[] Known = ["address", "user", "duration", "reason"];

    private readonly ImmutableArray<FieldProblem>.Builder _errors = ImmutableArray.CreateBuilder<FieldProblem>();
    private ClientNetwork? _address;
    private UserName? _user;

    private BanBody()
    {
    }

    /// <summary>Whom to ban.</summary>
    public BanTarget Target => new(_user, _address);

    /// <summary>For how long; null for as long as the configuration says.</summary>
    public TimeSpan? Duration { get; private set; }

    /// <summary>Why; null without.</summary>
    public string? Reason { get; private set; }

    /// <summary>What is wrong with the fields; empty when nothing is.</summary>
    public ImmutableArray<FieldProblem> Errors => _errors.ToImmutable();

    /// <summary>Reads a body.</summary>
    public static BanBody Read(JsonElement document)
    {
        var body = new BanBody();
        foreach (var field in document.EnumerateObject())
            body.Read(field.Name, JsonBody.TextOf(field.Value));
        if (body is { _address: null, _user: null, _errors.Count: 0 })
            body.Refuse("address", "expected an address, a user, or both");
        return body;
    }

    private void Read(string field, string? text)
    {
        switch (field)
        {
            case "address":
                ReadAddress(field, text);
                break;
            case "user":
                ReadUser(field, text);
                break;
            case "duration":
                ReadDuration(field, text);
                break;
            case "reason":
                ReadReason(field, text);
                break;
            default:
                Refuse(
                    field.Length <= MaxReason ? field : field[..MaxReason] + "…",
                    NearestName.Of(field, Known) is { } near
                        ? $"unknown field; did you mean {near}?"
                        : $"unknown field; known here: {string.Join(", ", Known)}");
                break;
        }
    }

    private void ReadAddress(string field, string? text)
    {
        if (text is not null && ClientNetwork.TryParse(text, out var network))
            _address = network;
        else
            Refuse(field, "expected an IP address; of an IPv6 one its /64 is banned");
    }

    private void ReadUser(string field, string? text)
    {
        if (UserNameText.TryRead(text ?? "", out var name, out var wrong))
            _user = name;
        else
            Refuse(field, wrong);
    }

    private void ReadDuration(string field, string? text)
    {
        if (ReadSpan(text ?? "", out var duration) is { } expected)
            Refuse(field, $"expected {expected}");
        else
            Duration = duration;
    }

    private void ReadReason(string field, string? text)
    {
        if (text is { Length: <= MaxReason } && !text.Any(char.IsControl))
            Reason = text;
        else
            Refuse(field, $"expected text of at most {MaxReason} plain characters");
    }

    private void Refuse(string field, string detail) => _errors.Add(new FieldProblem(field, detail));
}
