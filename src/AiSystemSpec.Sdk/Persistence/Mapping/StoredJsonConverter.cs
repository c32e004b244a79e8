using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace AiSystemSpec.Sdk;

/// <summary>
/// Converts what a <c>jsonb</c> column holds, over <see cref="StoredJsonTypeMapping"/> only. A compiled model does not bring that
/// mapping: without
/// <see cref="AiSystemSpecDbContextOptionsBuilderExtensions.UseAiSystemSpec(Microsoft.EntityFrameworkCore.DbContextOptionsBuilder)"/> the
/// provider would put its own in the place, and LINQ over the metrics would count nothing. Public for the code that <c>dotnet ef
/// dbcontext optimize</c> generates; nothing for hosts to call.
/// </summary>
/// <typeparam name="T">The property's type.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class StoredJsonConverter<T> : ValueConverter<T, StoredJsonText>
{
    private readonly ValueConverter<T, string> _direct;

    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "A converter keeps all members of its types; none of them is called.")]
    private protected StoredJsonConverter(
        Expression<Func<T, StoredJsonText>> write, Expression<Func<StoredJsonText, T>> read, ValueConverter<T, string> direct)
        : base(write, read) =>
        _direct = direct;

    /// <inheritdoc />
    /// <exception cref="InvalidOperationException">The mapping beneath is not the SDK's.</exception>
    public override ValueConverter ComposeWith(ValueConverter? secondConverter) => secondConverter?.ModelClrType == typeof(StoredJsonText)
        ? _direct
        : throw new InvalidOperationException(
            "The context has a compiled model with the tables of AiSystemSpec, and its options lack UseAiSystemSpec(), without which LINQ over Metrics "
            + "would give wrong numbers. Call UseAiSystemSpec() on the DbContextOptionsBuilder, beside UseNpgsql.");
}
