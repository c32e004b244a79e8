using AiSystemSpec.Sdk.Cli;
using AiSystemSpec.Sdk.Cli.Terminal;

return await CliApplication.RunAsync(args, CliHost.OfProcess()).ConfigureAwait(false);
