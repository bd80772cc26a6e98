using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace PersonalizationPlatform.Database.Migrations
{
    /// <summary>
    /// What calls and events have said of uses of coupons, apart from where these stand by it. Of uses from before nobody knows which of the
    /// two redeemed them; they stay redeemed until they are given back.
    /// </summary>
    public partial class SaidOfCoupons : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
            alter table coupon_reservation
                add column released boolean not null default false,
                add column told text not null default 'nothing',
                add column customer_id uuid,
                add column heard int not null default 0,
                add column heard_before int not null default 0;
            alter table coupon_use
                add column asked text not null default 'none',
                add column asked_by uuid,
                add column named boolean not null default false;
            update coupon_use set asked_by = customer_id, asked = case
                when state in ('reserved', 'lapsed') then 'reserved' when state = 'redeemed' or by_events then 'redeemed' else 'released' end;
            update coupon_reservation r set told = 'undone' from coupon_use u where u.reference = r.reference and u.by_events;
            update coupon_reservation r set released = true
                where exists (select from coupon_use u where u.reference = r.reference and u.asked = 'released')
                  and not exists (select from coupon_use u where u.reference = r.reference and u.asked <> 'released');
            alter table coupon_use drop column by_events;
            drop index coupon_use_over;
            create index coupon_use_over on coupon_use (changed_at) where state in ('released', 'lapsed') and not (named and asked = 'released');
            """);

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
            drop index coupon_use_over;
            create index coupon_use_over on coupon_use (changed_at) where state in ('released', 'lapsed');
            alter table coupon_use add column by_events boolean not null default false;
            update coupon_use u set by_events = true from coupon_reservation r
                where r.reference = u.reference and not r.released and u.state = 'released' and u.asked <> 'released';
            alter table coupon_use drop column asked, drop column asked_by, drop column named;
            alter table coupon_reservation
                drop column released, drop column told, drop column customer_id, drop column heard, drop column heard_before;
            """);
    }
}
