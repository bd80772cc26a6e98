using Microsoft.EntityFrameworkCore;
using Npgsql;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Database;

/// <summary>One <see cref="NpgsqlDataSource"/> for everything that waits, EF Core's context on top of it, and the installation's identity secret.</summary>
public static class DatabaseSetup
{
    /// <summary>The connection string's name: <c>ConnectionStrings:Platform</c>.</summary>
    public const string ConnectionName = "Platform";

    public static IServiceCollection AddDatabase(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(provider => DataSource(configuration, provider.GetRequiredService<ILoggerFactory>()));
        services.AddDbContextPool<PlatformDb>((provider, options) => options.UseNpgsql(provider.GetRequiredService<NpgsqlDataSource>()));
        services.AddSingleton<Migrating>();
        services.AddSingleton(provider => new IdentityHash(provider.GetRequiredService<Migrating>().IdentityKey));
        return services;
    }

    /// <summary>Has this program run and look after a server of its own.</summary>
    public static IServiceCollection AddPrivatePostgres(this IServiceCollection services, PrivatePostgres postgres)
    {
        // Handed over as an instance, so that the container does not stop it: it must outlive everything in here.
        services.AddSingleton(postgres);
        return services.AddHostedService<PrivatePostgresWatch>();
    }

    private static NpgsqlDataSource DataSource(IConfiguration configuration, ILoggerFactory loggers)
    {
        var connection = configuration.GetConnectionString(ConnectionName)
            ?? throw new InvalidOperationException($"ConnectionStrings:{ConnectionName} is not set.");
        var builder = new NpgsqlDataSourceBuilder(connection);
        var settings = builder.ConnectionStringBuilder;
        settings.ApplicationName ??= "personalization-platform";
        settings.MaxPoolSize = configuration.GetValue("Database:MaxPoolSize", 60);
        // The statements of the hot path are few and always the same: planned once per session.
        settings.MaxAutoPrepare = 100;
        settings.AutoPrepareMinUsages = 3;
        // Nobody leaves anything behind in a session: no settings, no temporary tables, and every session lock is given back where
        // it is taken. Resetting them took the server some 0.04 ms each time.
        // Open transactions are rolled back all the same.
        settings.NoResetOnClose = true;
        builder.UseLoggerFactory(loggers);
        return builder.Build();
    }
}
