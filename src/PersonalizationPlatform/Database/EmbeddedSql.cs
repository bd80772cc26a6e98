namespace PersonalizationPlatform.Database;

/// <summary>SQL that lives in files beside the code, for migrations: tables that EF Core does not model.</summary>
internal static class EmbeddedSql
{
    internal static string Read(string name)
    {
        using var stream = typeof(EmbeddedSql).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"There is no {name} in the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
