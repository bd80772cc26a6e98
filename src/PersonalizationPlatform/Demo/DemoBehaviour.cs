using System.Globalization;
using System.Text.Json.Nodes;
using PersonalizationPlatform.Catalog;

namespace PersonalizationPlatform.Demo;

/// <summary>Makes up 90 days of the shop: what each shopper does, by persona, and what the back office says about it.</summary>
internal sealed class DemoBehaviour
{
    private readonly DemoJournal journal;
    private readonly DemoShopper shopper;
    private readonly Random random;
    private int orders;

    private DemoBehaviour(DemoJournal journal, DemoShopper shopper)
    {
        this.journal = journal;
        this.shopper = shopper;
        random = new Random(10_000 + shopper.Number);
    }

    /// <summary>Everything there is to send; a function of the shoppers and the present.</summary>
    public static DemoJournal Of(IReadOnlyList<DemoShopper> shoppers, DateTimeOffset now)
    {
        var journal = new DemoJournal(now);
        foreach (var shopper in shoppers)
            new DemoBehaviour(journal, shopper).Live();
        return journal;
    }

    private void Live()
    {
        if (shopper.Customer is { } customer)
            journal.AddRecord(Record(customer));
        switch (shopper.Persona)
        {
            case Persona.Regular:
                Visits(3, 2, 89);
                Orders(random.Next(1, 4), 4, 88, "Jackets", "Shoes", "Tops", "Trousers");
                break;
            case Persona.BigSpender:
                Visits(3, 1, 80);
                Orders(random.Next(2, 5), 6, 84, "Watches", "Camping", "Jackets");
                break;
            case Persona.BagLover:
                Visits(2, 35, 85);
                if (shopper.Customer is not null && random.Next(2) == 0)
                    Orders(1, 42, 80, "Shoes", "Tops");
                Crave(2, 6, "Bags");
                Crave(0, 2, "Bags");
                break;
            case Persona.Newcomer:
                Join();
                break;
            case Persona.Lapsed:
                Orders(random.Next(1, 3), 63, 88, "Shoes", "Trousers", "Yoga");
                Visits(1, 20, 58);
                break;
            case Persona.CartLeaver:
                Visits(2, 8, 80);
                Crave(0, 6, "Jackets", "Shoes", "Camping");
                break;
            case Persona.Yogi:
                Visits(2, 15, 85);
                Yoga();
                break;
            case Persona.WindowShopper:
                Visits(random.Next(2, 5), 0, 25);
                break;
        }
    }

    /// <summary>Looks around, some days ago.</summary>
    private void Visits(int count, int fromDays, int toDays)
    {
        for (var i = 0; i < count; i++)
        {
            var visit = Arrive(fromDays, toDays);
            var category = Pick("Bags", "Jackets", "Shoes", "Watches", "Tops", "Camping");
            visit.Page("/c/" + category.ToLowerInvariant(), "Category");
            foreach (var product in Some(random.Next(2, 5), category))
                visit.View(product);
            Leave(visit);
        }
    }

    /// <summary>Buys, some days ago; most orders are delivered.</summary>
    private void Orders(int count, int fromDays, int toDays, params string[] categories)
    {
        for (var i = 0; i < count; i++)
        {
            var visit = Arrive(fromDays, toDays);
            foreach (var product in Some(random.Next(1, 4), Pick(categories)))
                visit.View(product).Add(product, product.Price < 60 ? random.Next(1, 3) : 1);
            visit.ViewCart().Checkout();
            var order = visit.Buy((300_000_000 + (shopper.Number * 100) + ++orders).ToString(CultureInfo.InvariantCulture));
            if (shopper.Customer is { } customer)
                order.Follow(journal, customer, random.Next(100) switch { < 6 => OrderFate.Cancelled, < 12 => OrderFate.Refunded, _ => OrderFate.Completed });
            Leave(visit);
        }
    }

    /// <summary>Fills a cart and goes.</summary>
    private void Crave(int fromDays, int toDays, params string[] categories)
    {
        var visit = Arrive(fromDays, toDays);
        visit.Page("/c/" + categories[0].ToLowerInvariant(), "Category");
        foreach (var product in Some(2, Pick(categories)))
            visit.View(product).Add(product);
        if (random.Next(4) == 0)
            visit.View(Some(1, categories)[0]);
        visit.ViewCart();
        if (random.Next(3) == 0)
            visit.Checkout();
        Leave(visit);
    }

    /// <summary>Opens an account, and perhaps buys a little later.</summary>
    private void Join()
    {
        var since = shopper.Customer!.Since;
        var visit = new DemoVisit(journal, shopper, since.AddMinutes(-6), random).Page("/", "Home");
        visit.View(Some(1, "Bags", "Shoes", "Jackets", "Tops")[0]).CreateAccount();
        Leave(visit);
        if (random.Next(3) > 0)
            Orders(1, 0, (int)(journal.Now - since).TotalDays, "Tops", "Shoes", "Bags");
    }

    private void Yoga()
    {
        var products = DemoContent.Products.Where(product => Is(product, "Yoga")).ToList();
        var visit = Arrive(0, 12).Search(Pick("yoga mat", "yoga block", "yoga beginner"), products);
        foreach (var product in Some(3, "Yoga"))
            visit.View(product);
        if (random.Next(2) == 0)
            visit.Add(Some(1, "Yoga")[0]).Remove();
        Leave(visit);
    }

    /// <summary>A visit that begins some time between so many days ago, twenty minutes at least.</summary>
    private DemoVisit Arrive(int fromDays, int toDays)
    {
        var minutes = random.Next(Math.Max(fromDays * 24 * 60, 20), Math.Max(toDays * 24 * 60, 300));
        var visit = new DemoVisit(journal, shopper, journal.Now.AddMinutes(-minutes), random).Page("/", "Home");
        // Who shares a device, or comes to it for the first time, says who it is.
        return shopper.Customer is not null && (shopper.SharesDevice || orders == 0 || random.Next(3) > 0) ? visit.SignIn() : visit;
    }

    private void Leave(DemoVisit visit)
    {
        if (shopper.SharesDevice || random.Next(5) == 0)
            visit.SignOut();
    }

    private JsonObject Record(DemoCustomer customer)
    {
        var address = DemoOrder.Place(customer.Address);
        // Older customers came with the shop's other data, when these 90 days began.
        var recordedAt = customer.Since > journal.Now.AddDays(-90) ? customer.Since : journal.Now.AddDays(-90);
        return new JsonObject
        {
            ["identityMap"] = new JsonObject
            {
                ["CustomerId"] = new JsonArray(new JsonObject { ["id"] = customer.Id, ["primary"] = true }),
                ["email"] = new JsonArray(new JsonObject { ["id"] = customer.Email }),
            },
            ["timestamp"] = XdmText.Of(recordedAt),
            ["person"] = new JsonObject
            {
                ["name"] = new JsonObject { ["firstName"] = customer.FirstName, ["lastName"] = customer.LastName },
                ["birthDate"] = customer.BirthDate.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                ["gender"] = customer.Gender,
            },
            ["billingAddress"] = address,
            ["shippingAddress"] = address.DeepClone(),
            ["userAccount"] = new JsonObject { ["startDate"] = XdmText.Of(customer.Since) },
            ["group"] = customer.Group,
            ["newsletter"] = customer.Newsletter,
            ["consents"] = new JsonObject
            {
                ["marketing"] = new JsonObject { ["email"] = new JsonObject { ["val"] = customer.Newsletter ? "y" : "n" } },
            },
        };
    }

    private string Pick(params string[] from) => from[random.Next(from.Length)];

    private List<ProductRequest> Some(int count, params string[] categories)
    {
        var category = Pick(categories);
        var products = DemoContent.Products.Where(product => Is(product, category)).ToArray();
        random.Shuffle(products);
        return [.. products.Take(count)];
    }

    private static bool Is(ProductRequest product, string category) =>
        product.Categories!.Any(path => path.EndsWith(category, StringComparison.Ordinal));
}
