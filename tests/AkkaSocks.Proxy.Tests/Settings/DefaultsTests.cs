using System.Reflection;
using System.Runtime.CompilerServices;
using AkkaSocks.Proxy.Limits;
using AkkaSocks.Proxy.Settings;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Settings;

/// <summary>Defaults stand in reference.conf and nowhere else: no settings type may have a value of its own to fall back on.</summary>
public sealed class DefaultsTests
{
    public static TheoryData<Type> SettingsTypes => [.. typeof(ProxySettings).Assembly.GetTypes()
        .Where(type => type is { IsClass: true, IsNested: false, Namespace: "AkkaSocks.Proxy.Settings" } && type.Name.EndsWith("Settings", StringComparison.Ordinal))
        .Where(type => type != typeof(LoadedSettings))
        .Append(typeof(ProxyLimits))];

    [Theory, MemberData(nameof(SettingsTypes))]
    public void Every_setting_must_be_given(Type type)
    {
        var optional = type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.SetMethod is not null)
            .Where(property => !property.IsDefined(typeof(RequiredMemberAttribute)) && !IsGivenToTheConstructor(property));
        Assert.Empty(optional.Select(property => $"{type.Name}.{property.Name}"));
    }

    [Theory, MemberData(nameof(SettingsTypes))]
    public void No_constructor_offers_a_default(Type type) => Assert.Empty(
        type.GetConstructors(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance)
            .SelectMany(constructor => constructor.GetParameters())
            .Where(parameter => parameter.HasDefaultValue)
            .Select(parameter => parameter.Name));

    private static bool IsGivenToTheConstructor(PropertyInfo property) => property.DeclaringType!.GetConstructors()
        .Any(constructor => constructor.GetParameters().Any(parameter => parameter.Name == property.Name));
}
