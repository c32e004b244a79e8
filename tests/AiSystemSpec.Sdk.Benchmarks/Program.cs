using AiSystemSpec.Sdk.Benchmarks;

return await CommandLine.RunAsync(args);
