using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace PersonalizationPlatform.Database;

/// <summary>How <c>dotnet ef migrations add</c> makes the context: from the model alone, without starting the service or a server.</summary>
internal sealed class PlatformDbDesign : IDesignTimeDbContextFactory<PlatformDb>
{
    public PlatformDb CreateDbContext(string[] args) => new(new DbContextOptionsBuilder<PlatformDb>().UseNpgsql("Host=localhost").Options);
}
