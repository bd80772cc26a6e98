using Microsoft.EntityFrameworkCore;

namespace PersonalizationPlatform.Database;

/// <summary>
/// EF Core's view: the schema, its migrations, and everything a person edits. Entities are configured beside themselves
/// (<see cref="IEntityTypeConfiguration{TEntity}"/>), so this floor knows none of them; use <c>db.Set&lt;T&gt;()</c>.
/// Whatever a shopper or an event waits for goes through the <c>NpgsqlDataSource</c> instead.
/// </summary>
public sealed class PlatformDb(DbContextOptions<PlatformDb> options) : DbContext(options)
{
    protected override void OnModelCreating(ModelBuilder modelBuilder) =>
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(PlatformDb).Assembly);
}
