using System.Text.Json;
using System.Text.Json.Serialization;

namespace AkkaSocks.Server.Admin.Documents;

/// <summary>Writes and reads the documents of the API by code generated at build: a start pays for no reflection.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ActorTreeDocument))]
[JsonSerializable(typeof(ProblemDocument))]
[JsonSerializable(typeof(UserDocument))]
[JsonSerializable(typeof(UserPage))]
[JsonSerializable(typeof(SessionPage))]
[JsonSerializable(typeof(NodeList))]
[JsonSerializable(typeof(SelfDocument))]
[JsonSerializable(typeof(TotalsDocument))]
[JsonSerializable(typeof(DrainDocument))]
[JsonSerializable(typeof(ReloadDocument))]
[JsonSerializable(typeof(LogLevelDocument))]
[JsonSerializable(typeof(LogLineDocument))]
[JsonSerializable(typeof(LogPageDocument))]
[JsonSerializable(typeof(EventDocument))]
[JsonSerializable(typeof(LostDocument))]
[JsonSerializable(typeof(NodeFiguresDocument))]
[JsonSerializable(typeof(AuditDocument))]
[JsonSerializable(typeof(BanDocument))]
[JsonSerializable(typeof(BanPage))]
[JsonSerializable(typeof(EndedDocument))]
[JsonSerializable(typeof(ExplanationDocument))]
[JsonSerializable(typeof(RefusalList))]
[JsonSerializable(typeof(ReasonList))]
[JsonSerializable(typeof(HistoryDocument))]
[JsonSerializable(typeof(HealthDocument))]
[JsonSerializable(typeof(SilentDocument))]
[JsonSerializable(typeof(ExchangePage))]
[JsonSerializable(typeof(ExchangeDetailDocument))]
[JsonSerializable(typeof(InterceptionDocument))]
internal sealed partial class AdminJson : JsonSerializerContext;
