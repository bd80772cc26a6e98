using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace PersonalizationPlatform.Database.Migrations
{
    /// <inheritdoc />
    public partial class Catalogue : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "arrival",
                table: "product",
                type: "bigint",
                nullable: false,
                defaultValue: 0L)
                .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn);

            migrationBuilder.AddColumn<long>(
                name: "change",
                table: "product",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<string>(
                name: "details",
                table: "product",
                type: "jsonb",
                nullable: false,
                defaultValueSql: "'{}'");

            migrationBuilder.AddColumn<string>(
                name: "external_id",
                table: "product",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "external_number",
                table: "product",
                type: "bigint",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "catalogue_removal",
                columns: table => new
                {
                    kind = table.Column<string>(type: "text", nullable: false),
                    key = table.Column<string>(type: "text", nullable: false),
                    change = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_catalogue_removal", x => new { x.kind, x.key });
                });

            migrationBuilder.CreateTable(
                name: "category",
                columns: table => new
                {
                    id = table.Column<string>(type: "text", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    parent_id = table.Column<string>(type: "text", nullable: true),
                    position = table.Column<int>(type: "integer", nullable: false),
                    active = table.Column<bool>(type: "boolean", nullable: false),
                    change = table.Column<long>(type: "bigint", nullable: false),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_category", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "customer_group",
                columns: table => new
                {
                    number = table.Column<int>(type: "integer", nullable: false),
                    code = table.Column<string>(type: "text", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_customer_group", x => x.number);
                });

            migrationBuilder.CreateTable(
                name: "product_attribute",
                columns: table => new
                {
                    code = table.Column<string>(type: "text", nullable: false),
                    type = table.Column<string>(type: "text", nullable: false),
                    label = table.Column<string>(type: "text", nullable: false),
                    options = table.Column<string>(type: "json", nullable: false),
                    usable_in_rules = table.Column<bool>(type: "boolean", nullable: false),
                    change = table.Column<long>(type: "bigint", nullable: false),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_product_attribute", x => x.code);
                });

            migrationBuilder.CreateTable(
                name: "website",
                columns: table => new
                {
                    code = table.Column<string>(type: "text", nullable: false),
                    number = table.Column<int>(type: "integer", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    currency = table.Column<string>(type: "text", nullable: true),
                    time_zone = table.Column<string>(type: "text", nullable: true),
                    store_views = table.Column<string>(type: "json", nullable: false),
                    cart_rules = table.Column<string>(type: "json", nullable: false),
                    related_products = table.Column<string>(type: "json", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_website", x => x.code);
                });

            migrationBuilder.CreateIndex(
                name: "IX_product_change",
                table: "product",
                column: "change");

            migrationBuilder.CreateIndex(
                name: "IX_catalogue_removal_change",
                table: "catalogue_removal",
                column: "change");

            migrationBuilder.CreateIndex(
                name: "IX_category_change",
                table: "category",
                column: "change");

            migrationBuilder.CreateIndex(
                name: "IX_category_parent_id",
                table: "category",
                column: "parent_id");

            migrationBuilder.CreateIndex(
                name: "IX_customer_group_code",
                table: "customer_group",
                column: "code",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_website_number",
                table: "website",
                column: "number",
                unique: true);
            migrationBuilder.Sql(EmbeddedSql.Read("catalogue.sql"));
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "catalogue_removal");

            migrationBuilder.DropTable(
                name: "category");

            migrationBuilder.DropTable(
                name: "customer_group");

            migrationBuilder.DropTable(
                name: "product_attribute");

            migrationBuilder.DropTable(
                name: "website");

            migrationBuilder.DropIndex(
                name: "IX_product_change",
                table: "product");

            migrationBuilder.DropColumn(
                name: "arrival",
                table: "product");

            migrationBuilder.DropColumn(
                name: "change",
                table: "product");

            migrationBuilder.DropColumn(
                name: "details",
                table: "product");

            migrationBuilder.DropColumn(
                name: "external_id",
                table: "product");

            migrationBuilder.DropColumn(
                name: "external_number",
                table: "product");
        }
    }
}
