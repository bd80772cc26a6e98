using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace PersonalizationPlatform.Database.Migrations
{
    /// <inheritdoc />
    public partial class RotatorsAndPromotions : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<Guid[]>(
                name: "cart_rules",
                table: "dynamic_block",
                type: "uuid[]",
                nullable: false,
                defaultValueSql: "'{}'");

            migrationBuilder.AddColumn<Guid[]>(
                name: "catalog_rules",
                table: "dynamic_block",
                type: "uuid[]",
                nullable: false,
                defaultValueSql: "'{}'");

            migrationBuilder.AddColumn<string>(
                name: "template",
                table: "dynamic_block",
                type: "text",
                nullable: false,
                defaultValue: "html");

            migrationBuilder.CreateTable(
                name: "rotator",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    key = table.Column<string>(type: "text", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    status = table.Column<string>(type: "text", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false),
                    number = table.Column<long>(type: "bigint", nullable: false),
                    external_id = table.Column<string>(type: "text", nullable: true),
                    body = table.Column<string>(type: "json", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_rotator", x => x.id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_rotator_external_id",
                table: "rotator",
                column: "external_id",
                unique: true,
                filter: "external_id is not null and status <> 'archived'");

            migrationBuilder.CreateIndex(
                name: "IX_rotator_key",
                table: "rotator",
                column: "key",
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "rotator");

            migrationBuilder.DropColumn(
                name: "cart_rules",
                table: "dynamic_block");

            migrationBuilder.DropColumn(
                name: "catalog_rules",
                table: "dynamic_block");

            migrationBuilder.DropColumn(
                name: "template",
                table: "dynamic_block");
        }
    }
}
