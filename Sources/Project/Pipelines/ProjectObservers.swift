import Orchestrate

/// What hears of the runs of a project, in `leat serve` and in `leat run` alike.
enum ProjectObservers {
    static func all(of project: LeatProject, store: any ProjectStoring) -> [any RunObserver] { [] }
}
