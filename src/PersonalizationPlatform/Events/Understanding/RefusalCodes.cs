namespace PersonalizationPlatform.Events.Understanding;

/// <summary>Why an event was refused. Stable: clients branch on these.</summary>
public static class RefusalCodes
{
    /// <summary>The event is not a JSON object.</summary>
    public const string NotAnObject = "event.notAnObject";

    /// <summary>The event is larger than the door takes.</summary>
    public const string TooLarge = "event.tooLarge";

    /// <summary>The event nests deeper than the door takes.</summary>
    public const string TooDeep = "event.tooDeep";

    /// <summary>The event's bytes are not UTF-8, which JSON must be.</summary>
    public const string NotUtf8 = "event.notUtf8";

    /// <summary>A back office, account or profile event came through the public door.</summary>
    public const string NeedsSecretKey = "event.needsSecretKey";

    /// <summary>The time is not an ISO 8601 instant with an offset.</summary>
    public const string TimeInvalid = "time.invalid";

    /// <summary>The time lies further ahead than a clock may be wrong.</summary>
    public const string TimeInFuture = "time.inFuture";

    /// <summary>The time lies before everything that is kept.</summary>
    public const string TimeTooOld = "time.tooOld";

    /// <summary>An amount is beyond what can be added up exactly.</summary>
    public const string ValueOutOfRange = "value.outOfRange";

    /// <summary>A name or number that is looked up by is too long.</summary>
    public const string ValueTooLong = "value.tooLong";

    /// <summary>A profile record names nobody.</summary>
    public const string NoIdentity = "profile.noIdentity";

    /// <summary>A record of the order feed names no order.</summary>
    public const string NoOrderNumber = "order.noNumber";

    /// <summary>A record of the order feed tells of more than is taken at once.</summary>
    public const string TooManyParts = "order.tooManyParts";
}
