using PersonalizationPlatform.Profiles.Erasure;

namespace PersonalizationPlatform.Profiles;

/// <summary>Registers what is done to profiles themselves.</summary>
public static class ProfilesSetup
{
    public static IServiceCollection AddProfiles(this IServiceCollection services) => services.AddSingleton<ProfileErasure>();
}
