using AiSystemSpec.Sdk;
using AiSystemSpec.Sdk.Migrations;
using AiSystemSpec.Sdk.Testing;
using Microsoft.Extensions.DependencyInjection;

await using var postgres = await EphemeralPostgres.StartAsync(); // or a connection string of your own
await using var services = new ServiceCollection()
    .AddAiSystemSpec(postgres.ConnectionString)
    .AddAiSystemSpecMigrations()
    .BuildServiceProvider();
await services.GetRequiredService<IAiSystemSpecMigrator>().MigrateAsync();

var cache = services.GetRequiredService<IResearchCache>();
for (var call = 1; call <= 2; call++)
{
    var result = await cache.GetOrResearchAsync("solar sails", async (context, cancellationToken) =>
        await Task.FromResult($"What a model wrote about {context.Topic}.")); // your model, your search
    Console.WriteLine($"Call {call}: {result.Outcome}. {result.Entry.Content}");
}
