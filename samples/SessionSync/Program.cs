using SessionSync;

// One program, two kinds of process: "dotnet run" plays the whole scene, and starts the sessions as processes of their own.
return args is [ReadingSession.Verb, var cursorFile]
    ? await ReadingSession.RunAsync(cursorFile)
    : await Scene.RunAsync();
