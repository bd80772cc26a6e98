using System.Text.Json;
using PersonalizationPlatform.Events.Understanding;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Events.OrderFeed;

/// <summary>Writes what a record says in the names that Adobe's back-office events have.</summary>
internal static class OrderWriting
{
    private const decimal Most = (decimal)XdmProblems.LargestAmount;

    /// <summary>What the record itself says of an order, in any spelling: attributes of the shop's own do not speak over it.</summary>
    private static readonly HashSet<string> OfOrder = new(StringComparer.Ordinal)
    {
        "purchaseID", "purchaseId", "currencyCode", "priceTotal", "taxAmount", "discountAmount", "createdDate", "payments", "refunds", "refundTotal",
        "returns", "status", "orderStatus",
    };

    private static readonly HashSet<string> OfLine = new(StringComparer.Ordinal)
    {
        "id", "lineItemId", "SKU", "sku", "name", "quantity", "priceTotal", "discountAmount", "currencyCode", "selectedOptions", "refundAmount", "productType",
        "productSku",
    };

    /// <summary>Whose order it is. Guests have no number, and some no address either.</summary>
    public static void WriteCustomer(Utf8JsonWriter json, OrderRecord record)
    {
        var (customer, email) = (record.Node.Text("customerId"), record.Node.Text("customerEmail"));
        json.WriteStartObject("identityMap");
        WriteIdentity(json, IdentityNamespace.CustomerId, customer, primary: true);
        WriteIdentity(json, IdentityNamespace.Email, email, primary: !Identity.TryCreate(IdentityNamespace.CustomerId, customer, out _));
        json.WriteEndObject();
        json.WriteStartObject("personalEmail");
        json.WriteText("address", email);
        json.WriteEndObject();
    }

    /// <summary>The rest of an event about the whole order.</summary>
    public static void WriteOrder(Utf8JsonWriter json, OrderRecord record, string type, DateTimeOffset at)
    {
        var kind = EventKinds.Canonical(type);
        var (places, updates) = (kind == EventKinds.BackofficeOrderPlaced, kind == EventKinds.OrderUpdated);
        StartCommerce(json, record);
        json.WriteStartObject("order");
        WriteNumber(json, record);
        if (places || updates)
        {
            json.WriteAmount("priceTotal", record.Total);
            json.WriteAmount("taxAmount", record.Tax);
            json.WriteAmount("discountAmount", record.Discount);
        }

        if (places)
        {
            json.WriteString("createdDate", OrderTranslator.Time(at));
            WritePayment(json, record, record.Total, record.Node["transactions"].Each().Select(transaction => transaction.Text("txnId")).FirstOrDefault());
            WriteAttributes(json, record.Node["additionalInformation"], OfOrder);
        }
        else if (updates)
        {
            json.WriteString("lastUpdatedDate", OrderTranslator.Time(at));
            json.WriteText("status", record.Status);
        }
        else if (kind == "orderCancelled")
        {
            json.WriteString("cancelDate", OrderTranslator.Time(at));
        }

        json.WriteEndObject();
        if (places || updates)
            WriteShipping(json, record, default, null, address: places);
        if (places)
            WriteBilling(json, record);
        json.WriteEndObject();
        if (places)
            WriteLines(json, record);
    }

    /// <summary>The rest of an event about an invoice, a shipment or a credit memo.</summary>
    public static void WritePart(Utf8JsonWriter json, OrderRecord record, OrderPartKind kind, XdmNode part, DateTimeOffset at)
    {
        StartCommerce(json, record);
        json.WriteStartObject("order");
        WriteNumber(json, record);
        if (kind == OrderPartKind.Invoice)
            WritePayment(json, record, part.Amount("grandTotal"), null);
        else if (kind == OrderPartKind.CreditMemo)
            WriteRefund(json, record, part, kind);
        json.WriteEndObject();
        if (kind == OrderPartKind.Shipment)
            WriteShipping(json, record, part["trackingInfo"].Each().FirstOrDefault(), at, address: true);
        json.WriteEndObject();
        json.WriteStartArray("productListItems");
        foreach (var line in record.Items.Of(part, kind))
            WriteLine(json, record, line, kind == OrderPartKind.CreditMemo);
        json.WriteEndArray();
    }

    private static void StartCommerce(Utf8JsonWriter json, OrderRecord record)
    {
        json.WriteStartObject("commerce");
        json.WriteStartObject("commerceScope");
        json.WriteText("websiteCode", record.Node.Text("websiteCode"));
        json.WriteText("storeCode", record.Node.Code("storeCode"));
        json.WriteText("storeViewCode", record.Node.Code("storeViewCode"));
        json.WriteEndObject();
    }

    private static void WriteIdentity(Utf8JsonWriter json, string ns, string? value, bool primary)
    {
        if (!Identity.TryCreate(ns, value, out _))
            return;
        json.WriteStartArray(ns);
        json.WriteStartObject();
        json.WriteString("id", value);
        json.WriteBoolean("primary", primary);
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static void WriteNumber(Utf8JsonWriter json, OrderRecord record)
    {
        json.WriteString("purchaseID", record.Number);
        json.WriteText("currencyCode", record.Currency);
    }

    private static void WritePayment(Utf8JsonWriter json, OrderRecord record, decimal? amount, string? transaction)
    {
        json.WriteStartArray("payments");
        json.WriteStartObject();
        json.WriteText("paymentType", record.Payment.Text("paymentMethodCode", "paymentMethodName"));
        json.WriteAmount("paymentAmount", amount);
        json.WriteText("currencyCode", record.Currency);
        json.WriteText("transactionID", transaction);
        json.WriteEndObject();
        json.WriteEndArray();
    }

    /// <summary>As stated; exporters before the autumn of 2023 do not, and then by its parts, of which the tax is that of the shipping as well.</summary>
    private static void WriteRefund(Utf8JsonWriter json, OrderRecord record, XdmNode memo, OrderPartKind kind)
    {
        var parts = new[] { memo.Amount("subtotal"), memo.Amount("shippingAmount"), memo.Amount("productsTaxAmount"), memo.Amount("adjustment") };
        json.WriteStartArray("refunds");
        json.WriteStartObject();
        json.WriteText("transactionID", kind.IdOf(memo));
        json.WriteAmount("refundAmount", memo.Amount("grandTotal") ?? (parts.All(part => part is null) ? null : parts.Sum()));
        json.WriteText("refundPaymentType", record.Payment.Text("paymentMethodCode", "paymentMethodName"));
        json.WriteText("currencyCode", memo.Code("currency") ?? record.Currency);
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static void WriteShipping(Utf8JsonWriter json, OrderRecord record, XdmNode tracking, DateTimeOffset? shippedAt, bool address)
    {
        json.WriteStartObject("shipping");
        json.WriteText("shippingMethod", record.Shipping.Text("shippingMethodCode", "shippingMethodName"));
        if (shippedAt is null)
            json.WriteAmount("shippingAmount", record.ShippingAmount);
        json.WriteText("currencyCode", record.Currency);
        json.WriteText("trackingNumber", tracking.Text("trackingNumber"));
        json.WriteText("trackingURL", tracking.Text("trackingUrl"));
        if (shippedAt is { } at)
            json.WriteString("shipDate", OrderTranslator.Time(at));
        if (address)
            WriteAddress(json, record.Shipping["shippingAddress"]);
        json.WriteEndObject();
    }

    private static void WriteBilling(Utf8JsonWriter json, OrderRecord record)
    {
        json.WriteStartObject("billing");
        WriteAddress(json, record.Payment["billingAddress"]);
        json.WriteEndObject();
    }

    /// <summary>Where; who lives there stays in what was sent.</summary>
    private static void WriteAddress(Utf8JsonWriter json, XdmNode address)
    {
        if (!address.IsObject)
            return;
        json.WriteStartObject("address");
        var lines = address["multiLineStreet"].Each().Select(line => line.AsText()).OfType<string>().ToList();
        if (lines.Count == 0)
            lines = [.. (address.Text("street") ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
        for (var i = 0; i < Math.Min(lines.Count, 4); i++)
            json.WriteString($"street{i + 1}", lines[i]);
        json.WriteText("city", address.Text("city"));
        json.WriteText("state", address.Text("region"));
        json.WriteText("postalCode", address.Text("postcode"));
        json.WriteText("country", address.Text("country"));
        json.WriteEndObject();
    }

    private static void WriteLines(Utf8JsonWriter json, OrderRecord record)
    {
        json.WriteStartArray("productListItems");
        foreach (var item in record.Items.Lines)
        {
            json.WriteStartObject();
            json.WriteText("id", OrderItems.IdOf(item));
            WriteProduct(json, record, item);
            var quantity = item.Amount("qtyOrdered", "qty");
            json.WriteAmount("quantity", quantity);
            json.WriteAmount("priceTotal", item.Amount("itemPrice") ?? Price(item.Amount("unitPrice"), quantity) ?? item.Amount("totalAmount"));
            json.WriteAmount("discountAmount", item.Amount("discountAmount"));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteLine(Utf8JsonWriter json, OrderRecord record, OrderPartLine line, bool refunded)
    {
        json.WriteStartObject();
        json.WriteString("id", line.Id);
        WriteProduct(json, record, line.Item);
        json.WriteAmount("quantity", line.Quantity);
        json.WriteAmount("priceTotal", Price(line.Item.Amount("unitPrice"), line.Quantity));
        if (refunded)
            json.WriteAmount("refundAmount", line.Refunded);
        json.WriteEndObject();
    }

    /// <summary>A bundle's own SKU: Commerce writes those of its parts after it, which nobody knows as a product.</summary>
    private static void WriteProduct(Utf8JsonWriter json, OrderRecord record, XdmNode item)
    {
        var bundle = string.Equals(item.Text("productType"), "bundle", StringComparison.OrdinalIgnoreCase);
        json.WriteText("SKU", bundle ? item.Code("productSku", "sku") : item.Code("sku", "productSku"));
        json.WriteText("name", item.Text("name"));
        json.WriteText("currencyCode", record.Currency);
        json.WriteText("productType", item.Text("productType"));
        json.WriteText("productSku", item.Text("productSku"));
        OrderOptions.Write(json, item.Text("productOptions"));
        WriteAttributes(json, item["additionalInformation"], OfLine);
    }

    /// <summary>Names and values; of a name given twice, the first.</summary>
    private static void WriteAttributes(Utf8JsonWriter json, XdmNode attributes, HashSet<string> said)
    {
        var written = new HashSet<string>(StringComparer.Ordinal);
        foreach (var attribute in attributes.Each())
            if (attribute.Text("name") is { } name && attribute.Text("value") is { } value && !said.Contains(name) && written.Add(name))
                json.WriteString(name, value);
    }

    /// <summary>Null when either is not told; what is beyond everything taken stays so.</summary>
    private static decimal? Price(decimal? unit, decimal? quantity) =>
        unit is { } price && quantity is { } count ? decimal.Round(price * Math.Clamp(count, -Most, Most), XdmProblems.AmountDecimals) : null;
}
