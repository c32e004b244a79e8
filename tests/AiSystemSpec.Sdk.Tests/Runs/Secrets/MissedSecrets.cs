namespace AiSystemSpec.Sdk.Tests.Runs.Secrets;

/// <summary>Secrets that are known to be missed, each with the reason.</summary>
internal static class MissedSecrets
{
    public static IReadOnlyList<(string Text, string Secret, string Reason)> All { get; } =
    [
        ("the password is hunterabcd", "hunterabcd", "a sentence: nothing but its meaning says that the word is a secret"),
        ("mysql -phunterabcd content", "hunterabcd", "an option of one letter, which means something else to every command"),
        ("u:hunterabcd@tcp(db:3306)/content", "hunterabcd", "no scheme before it: user:word@host is also an address in prose"),
        ("password%3Dhunterabcd%26x%3D1", "hunterabcd", "encoded twice: texts are not decoded"),
        ("<add key=\"Password\" value=\"hunterabcd\"/>", "hunterabcd", "name and value in attributes of their own"),
        ("Password: hunterabcd", "hunterabcd", "a capital, a colon and one word: a title, as in \"The Secret: Patience\""),
        ("user,password\nu,hunterabcd", "hunterabcd", "a table: the name stands in another line"),
        ($"render-sk-{new string('a', 16)}{new string('7', 16)}", new string('7', 16), "32 hexadecimal digits behind sk- within a name: a language and a hash"),
    ];
}
