import Diagnostics
import Orchestrate

/// What hears of the runs of a project, in `leat serve` and in `leat run` alike.
enum ProjectObservers {
    /// - Parameters:
    ///   - project: the project as it is at the moment.
    ///   - problem: hears what the observers could not do.
    static func all(
        of project: @escaping @Sendable () -> LeatProject, store: any ProjectStoring,
        problem: @escaping @Sendable (any UserFacingError) -> Void
    ) -> [any RunObserver] {
        [
            Notifier(store: store, project: project, problem: problem), LineageEmitter(project: project, problem: problem),
        ]
    }
}
