using System.Net.Mail;
using System.Text.Json.Nodes;
using PersonalizationPlatform.Events;
using PersonalizationPlatform.Events.Doors;
using PersonalizationPlatform.Http;
using PersonalizationPlatform.Shoppers;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Demo.Storefront;

/// <summary>
/// Who may sign in as whom. The made-up customers are for everybody to play; an address of somebody's own is theirs only if nobody was
/// known by it before, because nothing here proves whose it is.
/// </summary>
internal sealed class DemoAccounts(ProfileView profiles, EventIntake intake, DemoSessions sessions, TimeProvider time)
{
    private const int MaxEmail = 200;
    private const int MaxName = 60;

    private static readonly DemoCustomer[] Everybody =
        [.. DemoShoppers.All(new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero)).Select(shopper => shopper.Customer).OfType<DemoCustomer>()];

    private static readonly Dictionary<string, DemoCustomer> ById = Everybody.ToDictionary(customer => customer.Id);
    private static readonly Dictionary<string, DemoCustomer> ByEmail = Everybody.ToDictionary(customer => customer.Email);

    /// <summary>A few to choose from, of each kind.</summary>
    public static IReadOnlyList<AccountChoice> Choices { get; } = [.. Chosen()];

    /// <summary>Whether an identity names one of the made-up customers.</summary>
    public static bool IsMadeUp(string ns, string id) => ns == IdentityNamespace.CustomerId ? ById.ContainsKey(id) : ns == IdentityNamespace.Email && ByEmail.ContainsKey(id);

    /// <summary>Signs in as a made-up customer. 404 for anybody else.</summary>
    public static DemoVisitor SignIn(DemoVisitor visitor, string customerId) => ById.TryGetValue(customerId, out var customer)
        ? visitor with { CustomerId = customer.Id, Email = customer.Email, FirstName = customer.FirstName }
        : throw ProblemException.NotFound("such demo customer");

    /// <summary>Signs in with an address of one's own, and opens an account the first time, as a shop's back office would.</summary>
    public async Task<DemoVisitor> SignInAsync(DemoVisitor visitor, string? email, string? firstName, CancellationToken cancellationToken)
    {
        var address = Address(email);
        if (ByEmail.TryGetValue(address, out var madeUp))
            return SignIn(visitor, madeUp.Id);
        var name = firstName?.Trim() is { Length: > 0 and <= MaxName } given ? given : address[..address.IndexOf('@', StringComparison.Ordinal)];
        var id = "SB" + await sessions.ReferenceAsync(visitor, "customer " + address, cancellationToken);
        var isNew = !visitor.OwnEmails.Contains(address);
        visitor = await TakeAsync(visitor, address, cancellationToken);
        if (isNew || (await profiles.ReadAsync(DemoVisitor.Make(IdentityNamespace.CustomerId, id), cancellationToken)) is null)
            await OpenAsync(id, address, name, cancellationToken);
        return visitor with
        {
            CustomerId = id,
            Email = address,
            FirstName = name,
            OwnCustomers = visitor.OwnCustomers.Contains(id) ? visitor.OwnCustomers : [.. visitor.OwnCustomers, id],
        };
    }

    /// <summary>Lets a visitor use an address, e.g. for an order without an account. 409 <c>demo.emailTaken</c>.</summary>
    public async Task<DemoVisitor> TakeAsync(DemoVisitor visitor, string? email, CancellationToken cancellationToken)
    {
        var address = Address(email);
        if (visitor.OwnEmails.Contains(address) || ByEmail.ContainsKey(address))
            return visitor;
        if (visitor.OwnEmails.Count >= DemoVisitor.MaxRemembered)
            throw new ProblemException(409, "demo.tooManyEmails", "This browser has used enough addresses. Start over as a new visitor to use another.");
        if (await profiles.ReadAsync(DemoVisitor.Make(IdentityNamespace.Email, address), cancellationToken) is not null)
            throw new ProblemException(409, "demo.emailTaken", "Somebody is known by this address already, and nothing here proves that it is yours. Use another one.");
        return visitor with { OwnEmails = [.. visitor.OwnEmails, address] };
    }

    /// <summary>400 <c>demo.email</c> for what is no address.</summary>
    public static string Address(string? email)
    {
        var address = email?.Trim().ToLowerInvariant() ?? "";
        return address.Length <= MaxEmail && MailAddress.TryCreate(address, out var read) && read.Address == address && !address.AsSpan().ContainsAny(['\0', '"', ' '])
            ? address
            : throw ProblemException.Invalid("demo.email", "Enter an e-mail address.", new ProblemError("$.email", "demo.email", "An e-mail address of at most 200 characters."));
    }

    private async Task OpenAsync(string id, string email, string name, CancellationToken cancellationToken)
    {
        var record = new JsonObject
        {
            ["_id"] = "account-" + id,
            ["identityMap"] = new JsonObject
            {
                ["CustomerId"] = new JsonArray(new JsonObject { ["id"] = id, ["primary"] = true }),
                ["email"] = new JsonArray(new JsonObject { ["id"] = email }),
            },
            ["person"] = new JsonObject { ["name"] = new JsonObject { ["firstName"] = name } },
            ["userAccount"] = new JsonObject { ["startDate"] = XdmText.Of(time.Now()) },
        };
        await intake.TakeAsync(XdmText.Bytes([record]), EventDoor.Profiles, null, cancellationToken);
    }

    private static IEnumerable<AccountChoice> Chosen()
    {
        var shoppers = DemoShoppers.All(new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero));
        foreach (var (persona, says) in new[]
        {
            (Persona.BagLover, "Keeps putting bags into the cart"), (Persona.BigSpender, "Spends a lot, orders often"), (Persona.Newcomer, "Opened an account lately"),
            (Persona.Lapsed, "Bought before, not for a while"), (Persona.CartLeaver, "Fills the cart and goes"), (Persona.Yogi, "Looks for yoga things"),
        })
        {
            foreach (var shopper in shoppers.Where(shopper => shopper.Persona == persona && shopper.Customer is not null && !shopper.SharesDevice).Take(2))
                yield return new(shopper.Customer!.Id, $"{shopper.Customer.FirstName} {shopper.Customer.LastName}", shopper.Customer.Address.City, says);
        }
    }
}

/// <summary>A made-up customer to play.</summary>
/// <param name="Says">What they are like.</param>
public sealed record AccountChoice(string CustomerId, string Name, string City, string Says);
