using System.Globalization;

namespace PersonalizationPlatform.Demo;

/// <summary>Makes up the demo shop's people. Any likeness of a name is chance; the e-mail addresses cannot exist.</summary>
internal static class DemoShoppers
{
    public const int Customers = 112;
    public const int Visitors = 40;

    private static readonly Persona[] CustomerPersonas =
        [Persona.BagLover, Persona.Regular, Persona.BigSpender, Persona.Newcomer, Persona.Lapsed, Persona.CartLeaver, Persona.Yogi];

    private static readonly Persona[] VisitorPersonas = [Persona.WindowShopper, Persona.BagLover, Persona.WindowShopper, Persona.CartLeaver];

    private static readonly (string Name, string Gender)[] FirstNames =
    [
        ("Marlene", "female"), ("Jonas", "male"), ("Elif", "female"), ("Oskar", "male"), ("Ida", "female"), ("Mats", "male"), ("Noor", "female"),
        ("Luca", "male"), ("Greta", "female"), ("Emil", "male"), ("Selma", "female"), ("Theo", "male"), ("Klara", "female"), ("Adam", "male"),
        ("Mira", "female"), ("Ruben", "male"), ("Astrid", "female"), ("Bela", "male"), ("Thea", "female"), ("Ilyas", "male"),
    ];

    private static readonly string[] LastNames =
    [
        "Abendroth", "Bergner", "Castell", "Dahlmann", "Eskola", "Feldmayer", "Groenveld", "Halvorsen", "Immerthal", "Jansma", "Kestner",
        "Lindqvist", "Moorkamp", "Nyberg", "Oberholt", "Pellini", "Quandtner", "Rosvall", "Steinbrecher", "Tillmanns", "Uhlendorf", "Vasseur", "Westhoff",
    ];

    private static readonly DemoAddress[] Addresses =
    [
        new("Lindenweg 4", "10115", "Berlin", "DE"), new("Am Deich 17", "20457", "Hamburg", "DE"), new("Rosenstraße 8", "80331", "München", "DE"),
        new("Getreideplatz 2", "1010", "Wien", "AT"), new("Seeweg 11", "8001", "Zürich", "CH"), new("Kirchgasse 5", "50667", "Köln", "DE"),
        new("Murufer 9", "8010", "Graz", "AT"), new("Prinsenkade 21", "1012", "Amsterdam", "NL"), new("Rue du Quai 3", "69002", "Lyon", "FR"),
        new("Hamngatan 14", "11147", "Stockholm", "SE"), new("Parkallee 30", "04109", "Leipzig", "DE"),
    ];

    /// <summary>Everybody, customers first. Only dates depend on the present.</summary>
    /// <param name="now">What their past leads up to.</param>
    public static IReadOnlyList<DemoShopper> All(DateTimeOffset now)
    {
        var shoppers = new List<DemoShopper>(Customers + Visitors);
        for (var number = 1; number <= Customers; number++)
            shoppers.Add(Customer(number, now));
        for (var number = Customers + 1; number <= Customers + Visitors; number++)
            shoppers.Add(new(number, VisitorPersonas[number % VisitorPersonas.Length], Ecid(number), false, null, number % 3 == 0 ? "de" : "default"));
        return shoppers;
    }

    private static DemoShopper Customer(int number, DateTimeOffset now)
    {
        var random = new Random(number);
        var persona = CustomerPersonas[number % CustomerPersonas.Length];
        var (first, gender) = FirstNames[number % FirstNames.Length];
        var last = LastNames[number * 5 % LastNames.Length];
        var address = Addresses[random.Next(Addresses.Length)];
        var since = persona == Persona.Newcomer ? now.AddHours(-random.Next(30, 27 * 24)) : now.AddDays(-random.Next(120, 1400));
        // Every sixteenth pair lives together and uses one device.
        var household = number % 16 is 8 or 9;
        return new(
            number, persona, Ecid(household ? number - (number % 16) + 8 : number), household,
            new(
                (1000 + number).ToString(CultureInfo.InvariantCulture), first, last, $"{first}.{last}.{number}@example.com".ToLowerInvariant(), gender,
                new DateOnly(1950, 1, 1).AddDays(random.Next(20_000)), address, random.Next(10) < 6, random.Next(12) == 0 ? "wholesale" : "general", since),
            address.Country is "DE" or "AT" ? "de" : "default");
    }

    /// <summary>38 digits, as the official collector's.</summary>
    private static string Ecid(int number)
    {
        var random = new Random(90_000 + number);
        return string.Concat(Enumerable.Range(0, 38).Select(i => (char)('0' + random.Next(i == 0 ? 1 : 0, 10))));
    }
}
