using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;
using PersonalizationPlatform.Access;
using PersonalizationPlatform.Demo;

namespace PersonalizationPlatform.Hosting;

/// <summary>Tells whoever started the service where to look and which keys to use. To the console only: keys do not belong in logs.</summary>
internal static class Banner
{
    public static void Print(IServiceProvider services, TextWriter console)
    {
        var address = services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault();
        if (address is null)
            return;
        var at = address.Replace("[::]", "localhost", StringComparison.Ordinal).Replace("0.0.0.0", "localhost", StringComparison.Ordinal);
        var seeds = services.GetRequiredService<KeySeeds>();
        var configured = services.GetRequiredService<IOptions<KeySeedOptions>>().Value;
        console.WriteLine($"""

            PersonalizationPlatform is running at {at}

              API and try-out   {at}/swagger
              OpenAPI           {at}/openapi/v1.json
              Health            {at}/health/ready

              Admin key         {Key(seeds.GeneratedAdmin, configured.Admin, "Keys__Admin")}
              Storefront key    {Key(seeds.GeneratedCollect, configured.Collect, "Keys__Collect")}

            """);
        if (services.GetRequiredService<DemoShop>().IsLoaded)
            PrintDemoShop(at, console);
        if ((seeds.GeneratedAdmin ?? seeds.GeneratedCollect) is not null)
            console.WriteLine("  Keep these keys now: they are shown this once and stored only as hashes.\n");
    }

    private static void PrintDemoShop(string at, TextWriter console) => console.WriteLine($"""
          The demo shop is open at {at}/demo

          Behind it, with ADMIN set to the admin key, look at

            its segments      curl -H "Authorization: Bearer $ADMIN" {at}/v1/segments
            who is in one     curl -H "Authorization: Bearer $ADMIN" {at}/v1/segments/hot-bag-lovers/members
            a customer        curl -H "Authorization: Bearer $ADMIN" "{at}/v1/shoppers/email/{DemoShop.ExampleCustomer}/segments?explain=true"
            a visitor         curl -H "Authorization: Bearer $ADMIN" "{at}/v1/shoppers/ECID/{DemoShop.ExampleVisitor}/segments?explain=true"

        """);

    private static string Key(string? generated, string? configured, string setting) => generated
        ?? (string.IsNullOrEmpty(configured) ? $"the one shown at the first start (or set {setting} and start again)" : $"the one in {setting}");
}
