using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace PersonalizationPlatform.Database.Migrations
{
    /// <summary>
    /// What a door knew beside a refused event, so that running it again makes the event it would have been: the bytes as sent where the
    /// door translated them, what names the event, its website, whom it is about, and how wrong the client's clock was. Rows from before
    /// have none of it, and run again as their bytes alone.
    /// </summary>
    public partial class RefusedArrivals : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
            "alter table refused_event add column sent bytea, add column key_seed text, add column website text, add column identities json, add column correction interval");

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
            "alter table refused_event drop column sent, drop column key_seed, drop column website, drop column identities, drop column correction");
    }
}
