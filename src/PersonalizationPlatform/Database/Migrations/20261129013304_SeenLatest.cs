using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace PersonalizationPlatform.Database.Migrations
{
    /// <summary>
    /// Which of its two marks a profile was compared by, identity by identity. Rows settled before do not say so; they are compared by
    /// the mark that everything raises, and so are judged again rather than trusted too long.
    /// </summary>
    public partial class SeenLatest : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder) =>
            migrationBuilder.Sql("alter table profile add column seen_latest boolean[] not null default '{}'");

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) =>
            migrationBuilder.Sql("alter table profile drop column seen_latest");
    }
}
