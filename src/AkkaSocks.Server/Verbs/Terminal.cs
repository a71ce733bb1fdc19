using Spectre.Console;

namespace AkkaSocks.Server.Verbs;

/// <summary>Whether somebody reads what is written, or a file or a script gets it; and what is written for whom.</summary>
internal static class Terminal
{
    private const int UsualWidth = 100;

    /// <summary>Standard output is a terminal that shows colours, and nobody has said by NO_COLOR that it should not.</summary>
    public static bool ShowsColour { get; } = !Console.IsOutputRedirected
        && Environment.GetEnvironmentVariable("NO_COLOR") is null or ""
        && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");

    /// <summary>Columns of the terminal.</summary>
    public static int Width => !Console.IsOutputRedirected && Console.WindowWidth is > 0 and var width ? width : UsualWidth;

    /// <summary>Lines of the terminal.</summary>
    public static int Height => !Console.IsOutputRedirected && Console.WindowHeight is > 0 and var height ? height : int.MaxValue;

    /// <summary>Something drawn, as the characters that draw it.</summary>
    public static string Draw(Spectre.Console.Rendering.IRenderable drawn)
    {
        using var text = new StringWriter { NewLine = "\n" };
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes, ColorSystem = ColorSystemSupport.Standard, Interactive = InteractionSupport.No, Out = new AnsiConsoleOutput(text),
        });
        console.Profile.Width = Width;
        console.Profile.Capabilities.Unicode = true;
        console.Write(drawn);
        return text.ToString();
    }

    /// <summary>Text in a colour, where colours are shown.</summary>
    public static string Tinted(string text, Color colour) =>
        ShowsColour ? Draw(new Text(text, new Style(colour, decoration: Decoration.Bold))) : text;
}
