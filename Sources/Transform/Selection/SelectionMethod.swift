/// What the value of a selection is compared with.
package enum SelectionMethod: String, Sendable, CaseIterable {
    case fqn
    case tag
    case group
    case access
    case source
    case path
    case file
    case package
    case config
    case testName = "test_name"
    case testType = "test_type"
    case resourceType = "resource_type"
    case exposure
    case version
    case unitTest = "unit_test"
    case metric
    case semanticModel = "semantic_model"
    case savedQuery = "saved_query"

    /// Methods of dbt that need what is not kept yet.
    static let unsupported: Set<String> = ["state", "result", "source_status", "selector"]
}
