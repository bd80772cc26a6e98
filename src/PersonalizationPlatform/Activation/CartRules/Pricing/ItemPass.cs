namespace PersonalizationPlatform.Activation.CartRules.Pricing;

/// <summary>Rule by rule in order, and for each rule line by line: what it takes off, or why it does not.</summary>
internal sealed class ItemPass
{
    private readonly CartDecision _decision;
    private readonly decimal? _shipping;
    private readonly PercentCarries _carries = new();
    private readonly int[] _order;
    private readonly List<PricedLine> _targets = [];
    private decimal _discount;

    /// <param name="decision">The cart.</param>
    /// <param name="shipping">What shipping discounts are computed on; null when no method is chosen.</param>
    public ItemPass(CartDecision decision, decimal? shipping)
    {
        _decision = decision;
        _shipping = shipping;
        _order = Order(decision);
    }

    /// <summary>Off all lines together.</summary>
    public decimal Run()
    {
        foreach (var candidate in _decision.Candidates)
        {
            _decision.JudgeAgain(candidate);
            if (!candidate.Holds)
                continue;
            if (candidate.Rule.Action == CartRuleAction.CartFixed)
                ShareOut(candidate);
            else
                ApplyToEach(candidate);
            _decision.Refresh(_discount);
        }

        return _discount;
    }

    private void ApplyToEach(CandidateRule candidate)
    {
        Gifts? gifts = candidate.Rule.Action == CartRuleAction.FreeGift ? new Gifts(candidate.Rule) : null;
        foreach (var i in _order)
        {
            var line = _decision.Lines[i];
            if (Refusal(candidate, line, i, out var fit) is { } refusal)
            {
                candidate.Note(line, false, refusal);
                continue;
            }

            if (gifts is not null && !gifts.Has(line))
            {
                candidate.Note(line, false, RuleReasons.NoGift);
                continue;
            }

            var before = _discount;
            if (fit == Fit.Line)
                _discount += line.Take(candidate.Rule, Amount(candidate.Rule, line, gifts), candidate.Label);
            else
                ApplyToChildren(candidate, line, gifts);
            Played(candidate, line, _discount - before);
        }
    }

    private void ApplyToChildren(CandidateRule candidate, PricedLine line, Gifts? gifts)
    {
        foreach (var child in line.Children)
        {
            if (child.TakesDiscounts && !DiscountAmounts.StepTooLarge(candidate.Rule, child.Quantity) && _decision.Fits(candidate, child))
                _discount += child.Take(candidate.Rule, Amount(candidate.Rule, child, gifts), candidate.Label);
        }

        line.Record(candidate.Rule, 0, candidate.Label);
    }

    private void ShareOut(CandidateRule candidate)
    {
        _targets.Clear();
        foreach (var i in _order)
        {
            var line = _decision.Lines[i];
            if (Refusal(candidate, line, i, out var fit) is not null)
                continue;
            if (fit == Fit.Line)
                _targets.Add(line);
            else
                AddChildren(candidate, line);
        }

        var amount = new WholeCart(candidate.Rule, _targets, candidate.Rule.ApplyToShipping ? _shipping ?? 0 : 0);
        var next = 0;
        foreach (var i in _order)
        {
            var line = _decision.Lines[i];
            if (Refusal(candidate, line, i, out var fit) is { } refusal)
            {
                candidate.Note(line, false, refusal);
                continue;
            }

            var before = _discount;
            if (fit == Fit.Line)
            {
                _discount += line.Take(candidate.Rule, amount.Next(_targets[next++]), candidate.Label);
            }
            else
            {
                for (; next < _targets.Count && Array.IndexOf(line.Children, _targets[next]) >= 0; next++)
                    _discount += _targets[next].Take(candidate.Rule, amount.Next(_targets[next]), candidate.Label);
                line.Record(candidate.Rule, 0, candidate.Label);
            }

            Played(candidate, line, _discount - before);
        }

        candidate.Left = amount.Left;
    }

    private void AddChildren(CandidateRule candidate, PricedLine line)
    {
        foreach (var child in line.Children)
        {
            if (child.TakesDiscounts && _decision.Fits(candidate, child))
                _targets.Add(child);
        }
    }

    /// <summary>Why a rule passes a line over; it is then not recorded on it.</summary>
    private string? Refusal(CandidateRule candidate, PricedLine line, int index, out Fit fit)
    {
        fit = Fit.None;
        if (line.Stopped)
        {
            candidate.FoundStopped |= !candidate.FoundStopped && _decision.FitOf(candidate, index) != Fit.None;
            return RuleReasons.Stopped;
        }

        if (line.Input.NoDiscount)
            return RuleReasons.NoDiscount;
        if (line.UnitPrice < 0)
            return RuleReasons.NegativePrice;
        if (DiscountAmounts.StepTooLarge(candidate.Rule, line.Quantity))
            return RuleReasons.Step;
        fit = _decision.FitOf(candidate, index);
        return fit == Fit.None ? RuleReasons.ActionCondition : null;
    }

    private decimal Amount(CartRule rule, PricedLine line, Gifts? gifts)
    {
        if (gifts is not null)
            return Money.Round(gifts.Take(line, DiscountAmounts.Units(rule, line.Quantity)) * line.UnitPrice);
        return DiscountAmounts.Percent(rule) is { } percent
            ? DiscountAmounts.OfPercent(rule, line, percent, _carries)
            : Money.Round(DiscountAmounts.Plain(rule, line, _decision.Context.Options));
    }

    private static void Played(CandidateRule candidate, PricedLine line, decimal discount)
    {
        candidate.Applied = true;
        candidate.Note(line, true, RuleReasons.Applied, discount);
        if (candidate.Rule.Stop)
            line.Stopped = true;
    }
    /// <summary>
    /// Lines by the first rule that holds and whose action condition they meet: where cents go depends on it. A rule that does not hold
    /// moves none.
    /// </summary>
    private static int[] Order(CartDecision decision)
    {
        var order = new int[decision.Lines.Length];
        var keys = new long[order.Length];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i;
            var first = 0;
            while (first < decision.Candidates.Length && !(decision.Candidates[first].Holds && decision.FitOf(decision.Candidates[first], i) != Fit.None))
                first++;
            keys[i] = ((long)first << 32) | (uint)i;
        }

        Array.Sort(keys, order);
        return order;
    }
}
