using System.Text.Json.Nodes;

namespace PersonalizationPlatform.Demo;

/// <summary>How an order ends.</summary>
internal enum OrderFate
{
    Completed,
    Cancelled,
    Refunded,
}

/// <summary>An order, and what the back office sends about it in the days that follow.</summary>
internal sealed record DemoOrder(string Number, IReadOnlyList<DemoLine> Lines, decimal ShippingAmount, DateTimeOffset PlacedAt)
{
    private decimal Total => Lines.Sum(line => line.Total) + ShippingAmount;

    /// <summary>The order as every event of it repeats it.</summary>
    public JsonObject Order() => new()
    {
        ["purchaseID"] = Number,
        ["currencyCode"] = "EUR",
        ["priceTotal"] = Total,
        ["taxAmount"] = Math.Round(Total * 19 / 119, 2),
        ["payments"] = new JsonArray(new JsonObject
        {
            ["paymentType"] = "credit_card",
            ["paymentAmount"] = Total,
            ["currencyCode"] = "EUR",
            ["transactionID"] = "pay-" + Number,
        }),
    };

    public JsonObject Shipping() => new() { ["shippingMethod"] = "flatrate_flatrate", ["shippingAmount"] = ShippingAmount };

    /// <summary>Placed at once; then paid, shipped and delivered, or cancelled, or delivered and sent back.</summary>
    public void Follow(DemoJournal journal, DemoCustomer customer, OrderFate fate)
    {
        Send(journal, customer, "backofficeOrderPlaced", TimeSpan.FromSeconds(20));
        if (fate == OrderFate.Cancelled)
        {
            Send(journal, customer, "backofficeOrderCancelled", TimeSpan.FromHours(5));
            return;
        }

        Send(journal, customer, "backofficeOrderInvoiced", TimeSpan.FromHours(1));
        Send(journal, customer, "backofficeOrderItemsShipped", TimeSpan.FromHours(26));
        Send(journal, customer, "backofficeOrderShipmentCompleted", TimeSpan.FromHours(70));
        if (fate == OrderFate.Refunded)
            Send(journal, customer, "backofficeCreditMemoIssued", TimeSpan.FromDays(9), order => order["refunds"] = new JsonArray(new JsonObject
            {
                ["refundAmount"] = Total,
                ["currencyCode"] = "EUR",
                ["transactionID"] = "refund-" + Number,
                ["refundReason"] = "size",
            }));
    }

    private void Send(DemoJournal journal, DemoCustomer customer, string kind, TimeSpan after, Action<JsonObject>? change = null)
    {
        var order = Order();
        change?.Invoke(order);
        var shipping = Shipping();
        shipping["address"] = Place(customer.Address);
        journal.AddBackOffice(PlacedAt + after, "commerce." + kind, new JsonObject
        {
            ["commerce"] = new JsonObject
            {
                [kind] = new JsonObject { ["value"] = 1 },
                ["commerceScope"] = new JsonObject { ["environmentID"] = "demo", ["websiteCode"] = "base" },
                ["order"] = order,
                ["shipping"] = shipping,
                ["billing"] = new JsonObject { ["address"] = Place(customer.Address) },
            },
            ["identityMap"] = new JsonObject
            {
                ["CustomerId"] = new JsonArray(new JsonObject { ["id"] = customer.Id, ["primary"] = true }),
                ["email"] = new JsonArray(new JsonObject { ["id"] = customer.Email }),
            },
            ["productListItems"] = DemoVisit.Lines(Lines),
        });
    }

    public static JsonObject Place(DemoAddress address) => new()
    {
        ["street1"] = address.Street,
        ["postalCode"] = address.PostalCode,
        ["city"] = address.City,
        ["country"] = address.Country,
    };
}
