namespace PersonalizationPlatform.Activation.CartRules.Pricing;

/// <summary>Decided before any discount: which units ship free, and what that leaves of the shipping amount.</summary>
internal static class FreeShippingPass
{
    /// <returns>The amount left, what discounts of it are computed on, and what became free.</returns>
    public static (decimal Amount, decimal Basis, FreeShipping Free) Run(CartDecision decision)
    {
        var (shipment, freeUnits, free) = Units(decision);
        var shipping = decision.Shipping;
        if (shipping is null)
            return (0, 0, free);
        var units = 0m;
        foreach (var line in decision.Lines)
            units += line.Input.IsShipped ? line.Quantity : 0;
        var whole = shipping.Whole(units);
        var amount = shipment || (units > 0 && freeUnits >= units) ? 0 : shipping.PerItem ? shipping.Amount * (units - freeUnits) : shipping.Amount;
        var basis = shipping.DiscountBasis is not { } given ? amount : whole == 0 ? 0 : given * amount / whole;
        return (Money.Round(amount), Money.Round(basis), free);
    }

    /// <summary>Line by line in rule order; a rule with the stop flag ends the search for its line even if it gives nothing.</summary>
    private static (bool Shipment, decimal FreeUnits, FreeShipping Free) Units(CartDecision decision)
    {
        if (!Array.Exists(decision.Candidates, candidate => candidate.Holds && candidate.Rule.FreeShipping != FreeShipping.None))
            return (false, 0, FreeShipping.None);
        var shipment = false;
        decimal freeUnits = 0;
        var any = false;
        for (var i = 0; i < decision.Lines.Length; i++)
        {
            var line = decision.Lines[i];
            if (line.Input.NoDiscount)
                continue;
            decimal ofLine = 0;
            foreach (var candidate in decision.Candidates)
            {
                if (!candidate.Holds || (candidate.Rule.FreeShipping == FreeShipping.None && !candidate.Rule.Stop) || decision.FitOf(candidate, i) == Fit.None)
                    continue;
                if (candidate.Rule.FreeShipping == FreeShipping.Shipment)
                    shipment = candidate.ShipsFree = true;
                else if (candidate.Rule.FreeShipping == FreeShipping.Items)
                    candidate.ShipsFree |= (ofLine = DiscountAmounts.Units(candidate.Rule, line.Quantity)) > 0;
                if (candidate.Rule.Stop)
                    break;
            }

            any |= ofLine > 0;
            if (line.Input.IsShipped)
                freeUnits += ofLine;
        }

        return (shipment, freeUnits, shipment ? FreeShipping.Shipment : any ? FreeShipping.Items : FreeShipping.None);
    }
}
