namespace PersonalizationPlatform.Demo;

/// <summary>What a made-up shopper is like; decides what happens in <see cref="DemoBehaviour"/>.</summary>
internal enum Persona
{
    Regular,
    BagLover,
    BigSpender,
    Newcomer,
    Lapsed,
    CartLeaver,
    Yogi,
    WindowShopper,
}

/// <summary>Somebody made up: a customer, or a visitor of whom only the device is known.</summary>
/// <param name="Number">Counted from 1; with the persona it decides everything else.</param>
/// <param name="Ecid">The device; two people of one household may share it.</param>
/// <param name="SharesDevice">Whether somebody else uses the device too.</param>
/// <param name="Customer">Null for a visitor.</param>
/// <param name="StoreView">Where they shop: <c>default</c> or <c>de</c>.</param>
internal sealed record DemoShopper(int Number, Persona Persona, string Ecid, bool SharesDevice, DemoCustomer? Customer, string StoreView)
{
    public string? Email => Customer?.Email;

    /// <summary>On the imported list.</summary>
    public bool IsInsider => Customer is not null && Number % 5 == 2;
}

/// <summary>What the shop's back office knows of a customer.</summary>
/// <param name="Id">The CustomerId.</param>
internal sealed record DemoCustomer(
    string Id, string FirstName, string LastName, string Email, string Gender, DateOnly BirthDate, DemoAddress Address, bool Newsletter,
    string Group, DateTimeOffset Since);

internal sealed record DemoAddress(string Street, string PostalCode, string City, string Country);
