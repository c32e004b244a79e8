using AiSystemSpec.Sdk.TestHost.Verbs;

// Each verb is a method here and a type in Verbs/; it says READY and what the test needs to know, one line each, and then waits.
if (args is not [var verb, .. var arguments])
{
    return Usage();
}

return verb switch
{
    "load" => await LoadVerb.RunAsync(arguments),
    "postgres" => await PostgresVerb.RunAsync(arguments),
    "research" => await ResearchVerb.RunAsync(arguments),
    "runs" => await RunsVerb.RunAsync(arguments),
    "spool" => await SpoolVerb.RunAsync(arguments),
    "spellings" => await SpellingsVerb.RunAsync(arguments),
    "transfer" => await TransferVerb.RunAsync(arguments),
    "services" => await ServicesVerb.RunAsync(arguments),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("dotnet AiSystemSpec.Sdk.TestHost.dll load CONNECTION ROWS | postgres [wait|return] | research CONNECTION CALLERS SECONDS | runs CONNECTION SPOOL RUN ROWS | spool CONNECTION DIRECTORY RUN ROWS [wait] | spellings CONNECTION | transfer FROM TO FILE | services CONNECTION DIRECT [legacy] [source]");
    return 2;
}
