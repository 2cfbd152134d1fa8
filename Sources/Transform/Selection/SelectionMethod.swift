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
    /// What differs from another state of the project.
    case state
    /// How it ended in another run.
    case result
    /// How old its rows were found to be.
    case sourceStatus = "source_status"
    /// An entry of selectors.yml.
    case selector
}
