/// The kinds of things that a project is made of, under dbt's names.
package enum ResourceType: String, Sendable, Hashable, CaseIterable {
    case model
    case seed
    case snapshot
    case analysis
    case test
    case unitTest = "unit_test"
    case source
    case operation
    /// A template from the command line.
    case sqlOperation = "sql_operation"
    /// A function of the database's own.
    case function
    case exposure
    case metric
    case semanticModel = "semantic_model"
    case savedQuery = "saved_query"
    case macro
    case documentation = "doc"
    case group

    /// Whether `ref()` may name it.
    package var isReferable: Bool { self == .model || self == .seed || self == .snapshot }

    /// The key of dbt_project.yml and of schema files that holds this type's configuration.
    var configKey: String {
        switch self {
        case .seed: "seeds"
        case .snapshot: "snapshots"
        case .source: "sources"
        case .test: "data_tests"
        case .unitTest: "unit_tests"
        case .exposure: "exposures"
        case .metric: "metrics"
        case .semanticModel: "semantic_models"
        case .savedQuery: "saved_queries"
        case .function: "functions"
        default: "models"
        }
    }
}
