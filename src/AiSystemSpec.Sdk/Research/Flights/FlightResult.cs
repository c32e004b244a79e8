using AiSystemSpec.Sdk.Research.Table;
namespace AiSystemSpec.Sdk.Research.Flights;

/// <summary>What a flight brought: an entry that another process had stored meanwhile, or one that was researched here.</summary>
internal sealed record FlightResult(Observation Observation, bool Researched, bool Saved, Exception? SaveError);
