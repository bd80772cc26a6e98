using DotLiquid;
using DotLiquid.Tags;

namespace PersonalizationPlatform.Activation.Templates;

/// <summary>The library bounds the rounds of one loop; loops in loops are bounded by how many are begun.</summary>
public sealed class CountedFor : For
{
    private const string Register = "loops";

    public override void Render(Context context, TextWriter result)
    {
        var begun = (context.Registers[Register] as int? ?? 0) + 1;
        context.Registers[Register] = begun;
        if (begun > LiquidTemplate.MaxLoops)
            throw new TemplateBoundException("of loops");
        base.Render(context, result);
    }
}
