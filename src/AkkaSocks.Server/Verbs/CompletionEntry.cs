using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Completions;

namespace AkkaSocks.Server.Verbs;

/// <summary>What may follow a verb on the command line.</summary>
/// <param name="Path">The verb with those above it, as <c>user add</c>; empty for the beginning.</param>
/// <param name="Words">What may follow, each with what it is for.</param>
/// <param name="Taking">Options that take a value, with the values that there are; none where it can be anything, or a file.</param>
internal sealed record CompletionEntry(
    string Path, ImmutableArray<(string Word, string Meaning)> Words, ImmutableArray<(string Option, ImmutableArray<string> Values)> Taking)
{
    /// <summary>An entry for each verb.</summary>
    public static IReadOnlyList<CompletionEntry> Of(Command root) =>
        [.. Of(root, "", [.. root.Options.Where(option => option.Recursive)])];

    private static IEnumerable<CompletionEntry> Of(Command verb, string path, ImmutableArray<Option> everywhere)
    {
        var options = verb.Options.Union(everywhere).Where(option => !option.Hidden).ToList();
        yield return new CompletionEntry(
            path,
            [
                .. verb.Subcommands.Where(below => !below.Hidden).Select(below => (below.Name, below.Description ?? "")),
                .. verb.Arguments.Where(argument => !argument.Hidden).SelectMany(argument => Values(argument).Select(value => (value, ""))),
                .. options.SelectMany(NamesOf, (option, name) => (name, option.Description ?? "")),
            ],
            [
                .. options.Where(option => option.Arity.MaximumNumberOfValues > 0 && option.ValueType != typeof(bool))
                    .SelectMany(NamesOf, (option, name) => (name, Values(option))),
            ]);
        foreach (var below in verb.Subcommands.Where(below => !below.Hidden))
        {
            foreach (var entry in Of(below, path.Length == 0 ? below.Name : $"{path} {below.Name}", everywhere))
                yield return entry;
        }
    }

    // What is no letter would be a pattern to a shell.
    private static IEnumerable<string> NamesOf(Option option) => option.Aliases.Prepend(option.Name)
        .Where(name => name.StartsWith('-') && name.All(letter => letter == '-' || char.IsAsciiLetterOrDigit(letter)));

    private static ImmutableArray<string> Values(Symbol symbol) =>
    [
        .. (symbol is Option option ? option.CompletionSources : ((Argument)symbol).CompletionSources)
            .SelectMany(source => source(CompletionContext.Empty)).Select(item => item.Label),
    ];
}
