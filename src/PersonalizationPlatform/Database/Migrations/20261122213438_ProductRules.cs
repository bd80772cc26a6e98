using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace PersonalizationPlatform.Database.Migrations
{
    /// <inheritdoc />
    public partial class ProductRules : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "catalog_rule",
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
                    table.PrimaryKey("PK_catalog_rule", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "related_product_rule",
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
                    table.PrimaryKey("PK_related_product_rule", x => x.id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_catalog_rule_external_id",
                table: "catalog_rule",
                column: "external_id",
                unique: true,
                filter: "external_id is not null and status <> 'archived'");

            migrationBuilder.CreateIndex(
                name: "IX_catalog_rule_key",
                table: "catalog_rule",
                column: "key",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_related_product_rule_external_id",
                table: "related_product_rule",
                column: "external_id",
                unique: true,
                filter: "external_id is not null and status <> 'archived'");

            migrationBuilder.CreateIndex(
                name: "IX_related_product_rule_key",
                table: "related_product_rule",
                column: "key",
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "catalog_rule");

            migrationBuilder.DropTable(
                name: "related_product_rule");
        }
    }
}
