using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace PersonalizationPlatform.Database.Migrations
{
    /// <inheritdoc />
    public partial class Activation : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(
                name: "external",
                table: "segment",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<string>(
                name: "external_id",
                table: "segment",
                type: "text",
                nullable: true);

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
                name: "cart_rule",
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
                    table.PrimaryKey("PK_cart_rule", x => x.id);
                });

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
                name: "definition_version",
                columns: table => new
                {
                    collection = table.Column<string>(type: "text", nullable: false),
                    definition_id = table.Column<Guid>(type: "uuid", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false),
                    status = table.Column<string>(type: "text", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    body = table.Column<string>(type: "json", nullable: false),
                    saved_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_definition_version", x => new { x.collection, x.definition_id, x.version });
                });

            migrationBuilder.CreateTable(
                name: "import",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    status = table.Column<string>(type: "text", nullable: false),
                    dry_run = table.Column<bool>(type: "boolean", nullable: false),
                    total = table.Column<long>(type: "bigint", nullable: false),
                    done = table.Column<long>(type: "bigint", nullable: false),
                    attempts = table.Column<int>(type: "integer", nullable: false),
                    lease_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    failure = table.Column<string>(type: "text", nullable: true),
                    report = table.Column<string>(type: "json", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    finished_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_import", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "import_item",
                columns: table => new
                {
                    import_id = table.Column<Guid>(type: "uuid", nullable: false),
                    part = table.Column<short>(type: "smallint", nullable: false),
                    place = table.Column<long>(type: "bigint", nullable: false),
                    path = table.Column<string>(type: "text", nullable: false),
                    rule = table.Column<string>(type: "text", nullable: true),
                    code = table.Column<string>(type: "text", nullable: true),
                    json = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_import_item", x => new { x.import_id, x.part, x.place });
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
                name: "publication",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    status = table.Column<string>(type: "text", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    due_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    started_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    ended_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    problem = table.Column<string>(type: "json", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_publication", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "rehearsal",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false),
                    status = table.Column<string>(type: "text", nullable: false),
                    progress = table.Column<decimal>(type: "numeric", nullable: false),
                    from_day = table.Column<DateOnly>(type: "date", nullable: false),
                    to_day = table.Column<DateOnly>(type: "date", nullable: false),
                    website = table.Column<string>(type: "text", nullable: false),
                    request = table.Column<string>(type: "json", nullable: false),
                    report = table.Column<string>(type: "json", nullable: true),
                    failure = table.Column<string>(type: "text", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    lease = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_rehearsal", x => x.id);
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

            migrationBuilder.CreateTable(
                name: "publication_change",
                columns: table => new
                {
                    publication_id = table.Column<Guid>(type: "uuid", nullable: false),
                    position = table.Column<int>(type: "integer", nullable: false),
                    collection = table.Column<string>(type: "text", nullable: false),
                    definition_id = table.Column<Guid>(type: "uuid", nullable: false),
                    action = table.Column<string>(type: "text", nullable: false),
                    body = table.Column<string>(type: "json", nullable: true),
                    version = table.Column<int>(type: "integer", nullable: true),
                    if_match = table.Column<int>(type: "integer", nullable: true),
                    from_version = table.Column<int>(type: "integer", nullable: true),
                    from_status = table.Column<string>(type: "text", nullable: true),
                    to_version = table.Column<int>(type: "integer", nullable: true),
                    edited_meanwhile = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_publication_change", x => new { x.publication_id, x.position });
                    table.ForeignKey(
                        name: "FK_publication_change_publication_publication_id",
                        column: x => x.publication_id,
                        principalTable: "publication",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_segment_external_id",
                table: "segment",
                column: "external_id",
                unique: true,
                filter: "external_id is not null and status <> 'archived'");

            migrationBuilder.CreateIndex(
                name: "IX_product_change",
                table: "product",
                column: "change");

            migrationBuilder.CreateIndex(
                name: "IX_cart_rule_external_id",
                table: "cart_rule",
                column: "external_id",
                unique: true,
                filter: "external_id is not null and status <> 'archived'");

            migrationBuilder.CreateIndex(
                name: "IX_cart_rule_key",
                table: "cart_rule",
                column: "key",
                unique: true);

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
                name: "IX_import_lease_until",
                table: "import",
                column: "lease_until",
                filter: "status in ('queued', 'running')");

            migrationBuilder.CreateIndex(
                name: "IX_import_item_import_id_rule",
                table: "import_item",
                columns: new[] { "import_id", "rule" },
                filter: "code is not null");

            migrationBuilder.CreateIndex(
                name: "IX_publication_due_at",
                table: "publication",
                column: "due_at",
                filter: "due_at is not null");

            migrationBuilder.CreateIndex(
                name: "IX_publication_change_collection_definition_id",
                table: "publication_change",
                columns: new[] { "collection", "definition_id" });

            migrationBuilder.CreateIndex(
                name: "IX_rehearsal_lease",
                table: "rehearsal",
                column: "lease",
                filter: "status in ('queued', 'running')");

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

            migrationBuilder.CreateIndex(
                name: "IX_website_number",
                table: "website",
                column: "number",
                unique: true);
            migrationBuilder.Sql(EmbeddedSql.Read("publications.sql"));
            migrationBuilder.Sql(EmbeddedSql.Read("catalogue.sql"));
            migrationBuilder.Sql(EmbeddedSql.Read("coupons.sql"));
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("drop table coupon, coupon_batch, coupon_reservation, coupon_use, coupon_count, order_news");
            migrationBuilder.Sql("delete from epoch where name in ('publications', 'catalogue')");
            migrationBuilder.DropTable(
                name: "cart_rule");

            migrationBuilder.DropTable(
                name: "catalog_rule");

            migrationBuilder.DropTable(
                name: "catalogue_removal");

            migrationBuilder.DropTable(
                name: "category");

            migrationBuilder.DropTable(
                name: "customer_group");

            migrationBuilder.DropTable(
                name: "definition_version");

            migrationBuilder.DropTable(
                name: "import");

            migrationBuilder.DropTable(
                name: "import_item");

            migrationBuilder.DropTable(
                name: "product_attribute");

            migrationBuilder.DropTable(
                name: "publication_change");

            migrationBuilder.DropTable(
                name: "rehearsal");

            migrationBuilder.DropTable(
                name: "related_product_rule");

            migrationBuilder.DropTable(
                name: "rotator");

            migrationBuilder.DropTable(
                name: "website");

            migrationBuilder.DropTable(
                name: "publication");

            migrationBuilder.DropIndex(
                name: "IX_segment_external_id",
                table: "segment");

            migrationBuilder.DropIndex(
                name: "IX_product_change",
                table: "product");

            migrationBuilder.DropColumn(
                name: "external",
                table: "segment");

            migrationBuilder.DropColumn(
                name: "external_id",
                table: "segment");

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
