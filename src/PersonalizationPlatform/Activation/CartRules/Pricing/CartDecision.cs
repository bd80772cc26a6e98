using System.Buffers;
using PersonalizationPlatform.Conditions;
using PersonalizationPlatform.Conditions.Nodes;
using PersonalizationPlatform.Websites;

namespace PersonalizationPlatform.Activation.CartRules.Pricing;

/// <summary>One cart being decided: its lines, the rules it may meet, and what is known of both so far. One thread's.</summary>
internal sealed class CartDecision : IDisposable
{
    private readonly byte[] _fits;
    private readonly CheckoutTotals _totals;

    public CartDecision(CartRuleSet rules, CartInput cart, CartContext context, bool all)
    {
        Rules = rules;
        Context = context;
        Shipping = cart.Shipping;
        Lines = new PricedLine[cart.Lines.Count];
        var seen = new CheckoutLine[cart.Lines.Count];
        for (var i = 0; i < Lines.Length; i++)
        {
            Lines[i] = new PricedLine(cart.Lines[i], 1);
            seen[i] = Lines[i].Seen;
        }

        _totals = new CheckoutTotals(seen);
        Checkout = new Checkout
        {
            Currency = cart.Currency,
            Lines = seen,
            Totals = _totals,
            PaymentMethod = cart.PaymentMethod,
            ShippingMethod = cart.Shipping?.Method,
            Address = cart.Address,
            RegionId = cart.RegionId,
        };
        var moment = new Moment(NoFacts, context.At, context.Segments, context.Website)
        {
            Audiences = context.Audiences,
            ExternalSegments = context.ExternalSegments,
            ExternalAudiences = context.ExternalAudiences,
            NegativesHoldWhenMissing = context.Options.NegativeOperatorsOnMissingAttributes,
        };
        Scope = new Scope(moment) { Checkout = Checkout };
        Coupons = new EnteredCoupons(rules, context, Lines.Length == 0);
        ChangesAt = Coupons.ChangesAt;
        Candidates = Find(all);
        // Whether a cart can be decided does not depend on who wants to know why.
        if (all && Candidates.Length * cart.Size > CartTooLargeException.MaxSizeTimesRules)
            Candidates = Find(false);
        if (Candidates.Length * cart.Size > CartTooLargeException.MaxSizeTimesRules)
            throw new CartTooLargeException(cart.Size, Candidates.Length);
        _fits = ArrayPool<byte>.Shared.Rent(Math.Max(1, Candidates.Length * Lines.Length));
        Array.Clear(_fits, 0, Candidates.Length * Lines.Length);
    }

    private static readonly Facts NoFacts = new();

    public CartRuleSet Rules { get; }
    public CartContext Context { get; }
    public CartInputShipping? Shipping { get; }
    public PricedLine[] Lines { get; }
    public Checkout Checkout { get; }
    public Scope Scope { get; }
    public EnteredCoupons Coupons { get; }

    /// <summary>Rules for this shopper, place, day and these coupons that the cart may meet, in order.</summary>
    public CandidateRule[] Candidates { get; }

    /// <summary>Whether every step is noted for an explanation.</summary>
    public bool Explains { get; init; }
    public decimal Subtotal => _totals.Subtotal;
    public DateTimeOffset? ChangesAt { get; private set; }

    /// <summary>Judges the condition of every candidate before anything is discounted.</summary>
    public void JudgeAll()
    {
        foreach (var candidate in Candidates)
            Decide(candidate);
    }

    /// <summary>Judges a condition that looks at what the rules before it left.</summary>
    public void JudgeAgain(CandidateRule candidate)
    {
        if (candidate.Prepared.FollowsDiscounts)
            Decide(candidate);
    }

    /// <summary>Tells conditions what the rules applied so far took off.</summary>
    public void Refresh(decimal discount) => _totals.Discount = discount;

    /// <summary>How a line meets a rule's action condition.</summary>
    public Fit FitOf(CandidateRule candidate, int line)
    {
        if (candidate.Rule.ActionCondition is not { } condition)
            return Fit.Line;
        ref var known = ref _fits[(candidate.At * Lines.Length) + line];
        if (known == 0)
            known = (byte)(1 + (int)Judge(condition, Lines[line]));
        return (Fit)(known - 1);
    }

    /// <summary>Whether a child on its own meets a rule's action condition.</summary>
    public bool Fits(CandidateRule candidate, PricedLine child) =>
        candidate.Rule.ActionCondition is not { } condition || Holds(condition, child.Seen);

    /// <summary>
    /// What a rule's conditions are judged on: the cart, or only the lines the rule may discount, of a bundle with dynamic price the
    /// children that it may. A rule that may discount no line is judged on the cart.
    /// </summary>
    public Scope ScopeOf(CandidateRule candidate)
    {
        if (Context.Options.ConditionTotalsBasis == ConditionTotalsBasis.Cart || candidate.Rule.ActionCondition is null)
            return Scope;
        var eligible = new List<CheckoutLine>();
        decimal discount = 0;
        for (var i = 0; i < Lines.Length; i++)
        {
            if (Lines[i].Input.NoDiscount)
                continue;
            if (Lines[i].Distributes)
            {
                foreach (var child in Lines[i].Children)
                {
                    if (!child.Input.NoDiscount && Fits(candidate, child))
                        Add(child);
                }
            }
            else if (FitOf(candidate, i) != Fit.None)
            {
                Add(Lines[i]);
            }
        }

        if (eligible.Count == 0)
            return Scope;

        void Add(PricedLine line)
        {
            eligible.Add(line.Seen);
            discount += line.Discount;
        }

        return Scope with { Checkout = Checkout.With(new CheckoutTotals(eligible) { Discount = discount }) };
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_fits);

    private void Decide(CandidateRule candidate)
    {
        candidate.Holds = Judge(candidate);
        if (Explains)
            candidate.Explain(this);
    }

    private bool Judge(CandidateRule candidate)
    {
        if (candidate.Rule.Condition is not { } condition)
            return true;
        var verdict = condition.Evaluate(ScopeOf(candidate));
        ChangesAt = Verdict.Earlier(ChangesAt, verdict.ChangesAt);
        return verdict.Matches;
    }

    private Fit Judge(Condition condition, PricedLine line)
    {
        if (!line.Distributes)
            return Holds(condition, line.Seen) ? Fit.Line : Fit.None;
        if (Holds(condition, line.Alone))
            return Fit.Line;
        foreach (var child in line.Children)
        {
            if (Holds(condition, child.Seen))
                return Fit.Children;
        }

        // The bundle as a whole may meet what neither it nor any one child meets.
        return Holds(condition, line.Seen) ? Fit.Children : Fit.None;
    }

    private bool Holds(Condition condition, CheckoutLine line)
    {
        var verdict = CompositeLines.Holds(condition, Scope with { Line = line });
        ChangesAt = Verdict.Earlier(ChangesAt, verdict.ChangesAt);
        return verdict.Matches;
    }

    private CandidateRule[] Find(bool all)
    {
        if (Lines.Length == 0)
            return [];
        var words = RuleIndex.Words(Rules.Prepared.Length);
        var bits = words <= 256 ? stackalloc ulong[words] : new ulong[words];
        if (all)
        {
            for (var i = 0; i < Rules.Prepared.Length; i++)
            {
                if (!Rules.Prepared[i].NeedsCoupon)
                    RuleIndex.Set(bits, i);
            }
        }
        else
        {
            ChangesAt = Verdict.Earlier(ChangesAt, Rules.Index.Find(Scope, Checkout, bits));
        }

        Coupons.Find(bits);
        var found = new List<CandidateRule>();
        for (var word = 0; word < words; word++)
        {
            for (var rest = bits[word]; rest != 0; rest &= rest - 1)
            {
                var place = (word << 6) + System.Numerics.BitOperations.TrailingZeroCount(rest);
                var prepared = Rules.Prepared[place];
                if (prepared.Refusal(Context) is null && !prepared.IsUsedUp(Context))
                    found.Add(new CandidateRule(prepared, place, found.Count, RuleLabels.Of(prepared.Rule, Context.StoreView, Coupons.CodeOf(place))));
            }
        }

        return [.. found];
    }
}

/// <summary>How a line meets a rule's action condition.</summary>
internal enum Fit
{
    None,

    /// <summary>Itself.</summary>
    Line,

    /// <summary>A bundle with dynamic price that does not, but a child may.</summary>
    Children,
}
