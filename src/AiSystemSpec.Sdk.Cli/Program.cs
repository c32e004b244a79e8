using AiSystemSpec.Sdk.Cli;

return await CliApplication.RunAsync(args, CliHost.OfProcess()).ConfigureAwait(false);
