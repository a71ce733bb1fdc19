using System.Text;

namespace AkkaSocks.Server.Verbs;

/// <summary>
/// Completion for shells. All work the same way: of the words before the cursor those that are verbs make a path, and the path tells
/// which words may follow; behind an option that takes a value come its values, or files.
/// </summary>
internal static class CompletionScript
{
    /// <summary>For bash.</summary>
    public static string ForBash(IReadOnlyList<CompletionEntry> entries) => $$"""
        # Completion of akkasocks for bash: source <(akkasocks completion bash)
        _akkasocks() {
          local cur="${COMP_WORDS[COMP_CWORD]}" prev="${COMP_WORDS[COMP_CWORD-1]}" path="" i words=""
          for ((i = 1; i < COMP_CWORD; i++)); do
            case "${path:+$path }${COMP_WORDS[i]}" in
        {{Verbs(entries, path => $"      {Quoted(path)}) path={Quoted(path)} ;;")}}
            esac
          done
          case "$path:$prev" in
        {{Taking(entries, (key, values) => values.Length == 0
            ? $"    {Quoted(key)}) compopt -o default; COMPREPLY=(); return ;;"
            : $"    {Quoted(key)}) COMPREPLY=($(compgen -W {Quoted(values)} -- \"$cur\")); return ;;")}}
          esac
          case "$path" in
        {{Words(entries, (path, words) => $"    {Quoted(path)}) words={Quoted(string.Join(' ', words.Select(it => it.Word)))} ;;")}}
          esac
          COMPREPLY=($(compgen -W "$words" -- "$cur"))
        }
        complete -F _akkasocks akkasocks

        """;

    /// <summary>For zsh.</summary>
    public static string ForZsh(IReadOnlyList<CompletionEntry> entries) => $$"""
        #compdef akkasocks
        # Completion of akkasocks for zsh: akkasocks completion zsh > "${fpath[1]}/_akkasocks", or source <(akkasocks completion zsh)
        _akkasocks() {
          local verb_path="" word i
          local -a follow
          for ((i = 2; i < CURRENT; i++)); do
            case "${verb_path:+$verb_path }${words[i]}" in
        {{Verbs(entries, path => $"      {Quoted(path)}) verb_path={Quoted(path)} ;;")}}
            esac
          done
          case "$verb_path:${words[CURRENT-1]}" in
        {{Taking(entries, (key, values) => values.Length == 0
            ? $"    {Quoted(key)}) _files; return ;;"
            : $"    {Quoted(key)}) compadd -- {values}; return ;;")}}
          esac
          case "$verb_path" in
        {{Words(entries, (path, words) =>
            $"    {Quoted(path)}) follow=({string.Join(' ', words.Select(it => Quoted($"{it.Word.Replace(":", "\\:")}:{it.Meaning}")))}) ;;")}}
          esac
          _describe akkasocks follow
        }
        compdef _akkasocks akkasocks

        """;

    /// <summary>For fish.</summary>
    public static string ForFish(IReadOnlyList<CompletionEntry> entries)
    {
        var script = new StringBuilder($$"""
            # Completion of akkasocks for fish: akkasocks completion fish | source
            function __akkasocks_at
              set -l at ""
              for word in (commandline -opc)[2..]
                switch (string trim "$at $word")
            {{Verbs(entries, path => $"      case {Quoted(path)}\n        set at {Quoted(path)}")}}
                end
              end
              test "$at" = "$argv[1]"
            end
            complete -c akkasocks -f

            """);
        foreach (var entry in entries)
        {
            foreach (var (word, meaning) in entry.Words)
            {
                var (kind, name) = word.StartsWith("--", StringComparison.Ordinal) ? ("-l", word[2..]) : word.StartsWith('-') ? ("-s", word[1..]) : ("-a", word);
                if (kind == "-s" && name.Length != 1)
                    continue;
                var values = entry.Taking.Where(it => it.Option == word).Select(it => it.Values.IsEmpty ? " -r -F" : $" -x -a {Quoted(string.Join(' ', it.Values))}");
                script.Append($"complete -c akkasocks -n {Quoted($"__akkasocks_at '{entry.Path}'")} {kind} {Quoted(name)}{string.Concat(values)}");
                script.Append(meaning.Length == 0 ? "\n" : $" -d {Quoted(meaning)}\n");
            }
        }

        return script.ToString();
    }

    private static string Verbs(IEnumerable<CompletionEntry> entries, Func<string, string> line) =>
        string.Join('\n', entries.Where(entry => entry.Path.Length > 0).Select(entry => line(entry.Path)));

    private static string Taking(IEnumerable<CompletionEntry> entries, Func<string, string, string> line) => string.Join(
        '\n', entries.SelectMany(entry => entry.Taking, (entry, it) => line($"{entry.Path}:{it.Option}", string.Join(' ', it.Values))));

    private static string Words(IEnumerable<CompletionEntry> entries, Func<string, IEnumerable<(string Word, string Meaning)>, string> line) =>
        string.Join('\n', entries.Select(entry => line(entry.Path, entry.Words)));

    // Single quotes: nothing within is the shell's.
    private static string Quoted(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
