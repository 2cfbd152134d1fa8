/// The commands of dbt that run nodes.
package enum Command: String, Sendable, CaseIterable {
    case build
    case run
    case test
    case seed
    case snapshot
    case compile
    case list

    /// The types of resources that the command is about.
    var resourceTypes: Set<ResourceType> {
        switch self {
        case .build: [.model, .seed, .snapshot, .test, .unitTest]
        case .run: [.model]
        case .test: [.test, .unitTest]
        case .seed: [.seed]
        case .snapshot: [.snapshot]
        case .compile: [.model, .snapshot, .test, .analysis, .seed]
        case .list: [.model, .seed, .snapshot, .test, .analysis, .source, .exposure]
        }
    }

    /// Whether hooks, schemas and materializations run; else only compiling happens.
    var writesToWarehouse: Bool { self != .compile && self != .list }
}
