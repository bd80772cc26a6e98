using System.Data.Common;

namespace PersonalizationPlatform.Activation.Import;

/// <summary>Failures nobody foresaw: they refuse the item in which they happen, and are told to the log rather than to the shop.</summary>
internal sealed partial class ItemFaults(ILogger<ItemFaults> log)
{
    /// <summary>Whether it is the item's own fault, so that the others can go on without it: not when somebody gave up, nor when the database failed.</summary>
    public static bool Of(Exception exception)
    {
        for (var inner = exception; inner is not null; inner = inner.InnerException)
        {
            if (inner is DbException or OperationCanceledException)
                return false;
        }

        return true;
    }

    /// <summary>What the report says of it.</summary>
    public ImportNote Note(ImportItem item, Exception exception)
    {
        LogFailed(exception, item.Member);
        return new("item.failed", "Something failed in the service over this item; it is left out, and the log knows more.", item.Path);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Unexpected failure over an item of {Part}")]
    private partial void LogFailed(Exception exception, string part);
}
