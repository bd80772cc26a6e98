using System.Globalization;
using PersonalizationPlatform.Definitions.History;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Definitions.Publications;

/// <summary>Does what publications say, and takes it back. Works inside the caller's step: all of it, or the step is rolled back.</summary>
public sealed class PublicationSteps(DefinitionKinds kinds, DefinitionHistory history, DefinitionChanges step)
{
    /// <summary>Makes every change, and notes where each definition came from. Problems name the change by its place.</summary>
    public async Task ApplyAsync(IEnumerable<PublicationChange> changes, CancellationToken cancellationToken)
    {
        foreach (var change in changes.OrderBy(change => change.Position))
        {
            try
            {
                var (kind, from) = await kinds.DemandAsync(change.Collection, change.Definition.ToString(), cancellationToken);
                var to = await ApplyAsync(kind, change, cancellationToken);
                (change.FromVersion, change.FromStatus, change.ToVersion) = (from.Head.Version, from.Head.Status, to.Version);
            }
            catch (ProblemException problem)
            {
                throw InChange(change, problem);
            }
        }
    }

    /// <summary>
    /// Takes every definition back to the body and status it had before, last change first. One that was edited meanwhile stays as it
    /// was edited, and is noted.
    /// </summary>
    public async Task RevertAsync(IEnumerable<PublicationChange> changes, CancellationToken cancellationToken)
    {
        foreach (var change in changes.OrderByDescending(change => change.Position))
        {
            try
            {
                var (kind, present) = await kinds.DemandAsync(change.Collection, change.Definition.ToString(), cancellationToken);
                if (present.Head.Version != change.ToVersion)
                    change.EditedMeanwhile = true;
                else if (change.ToVersion != change.FromVersion)
                    await step.ReturnAsync(() => RevertAsync(kind, change, cancellationToken));
            }
            catch (ProblemException problem)
            {
                throw InChange(change, problem);
            }
        }
    }

    private async Task RevertAsync(IDefinitionKind kind, PublicationChange change, CancellationToken cancellationToken)
    {
        // A change of status leaves the body alone, so nothing that the body refers to is asked about again.
        if (change.Action is PublicationAction.Publish or PublicationAction.Pause)
            await kind.MoveAsync(change.Definition, change.FromStatus!.Value, EntityVersion.Of(null), cancellationToken);
        else
            await history.RollBackAsync(kind, change.Definition, change.FromVersion!.Value, restoreStatus: true, EntityVersion.Of(null), cancellationToken);
    }

    private Task<DefinitionHead> ApplyAsync(IDefinitionKind kind, PublicationChange change, CancellationToken cancellationToken)
    {
        var match = EntityVersion.Of(change.IfMatch);
        return change.Action switch
        {
            PublicationAction.Publish => kind.MoveAsync(change.Definition, DefinitionStatus.Live, match, cancellationToken),
            PublicationAction.Pause => kind.MoveAsync(change.Definition, DefinitionStatus.Paused, match, cancellationToken),
            PublicationAction.Archive => kind.MoveAsync(change.Definition, DefinitionStatus.Archived, match, cancellationToken),
            PublicationAction.Replace => kind.ReplaceAsync(change.Definition, DefinitionBody.Parse(change.Body!), match, cancellationToken),
            _ => history.RollBackAsync(kind, change.Definition, change.Version!.Value, restoreStatus: false, match, cancellationToken),
        };
    }

    private static ProblemException InChange(PublicationChange change, ProblemException problem)
    {
        var place = string.Create(CultureInfo.InvariantCulture, $"$.changes[{change.Position}]");
        // Of a replacement the body is at fault, of a return to an older version what that version says.
        var within = change.Action == PublicationAction.Replace ? place + ".body" : place;
        var errors = problem.Errors.Count == 0
            ? [new ProblemError(place, problem.Code, problem.Message)]
            : problem.Errors.Select(error => error with { Path = within + error.Path.TrimStart('$') }).ToList();
        return new ProblemException(problem.Status, problem.Code, $"{place}: {problem.Message}", errors);
    }
}
