/// The commands of dbt that run nodes.
package enum Command: String, Sendable, CaseIterable {
    case build
    case run
    case test
    case seed
    case snapshot
    case compile
    case list
    case clone
    case show
    /// `source freshness`.
    case freshness

    /// The types of resources that the command is about.
    var resourceTypes: Set<ResourceType> {
        switch self {
        case .build: [.model, .seed, .snapshot, .test, .unitTest, .function, .exposure, .savedQuery]
        case .run: [.model]
        case .test: [.test, .unitTest]
        case .seed: [.seed]
        case .snapshot: [.snapshot]
        case .compile: [.model, .snapshot, .test, .analysis, .seed, .function]
        case .show: [.model, .snapshot, .test, .analysis, .seed]
        case .list:
            [
                .model, .seed, .snapshot, .test, .analysis, .source, .exposure, .unitTest, .function, .metric, .semanticModel,
                .savedQuery,
            ]
        case .clone: [.model, .seed, .snapshot]
        case .freshness: [.source]
        }
    }

    /// Whether hooks, schemas and materializations run; else only compiling happens.
    var writesToWarehouse: Bool {
        switch self {
        case .compile, .list, .show, .freshness: false
        default: true
        }
    }
}
