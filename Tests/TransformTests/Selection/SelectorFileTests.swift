import Testing

@testable import Transform

@Suite("selectors.yml") struct SelectorFileTests {
    /// What `--selector top` selects in a small project, sorted; the message where it selects nothing.
    private func selected(_ selectors: String) async throws -> String {
        let project = try TestProject([
            "models/a.sql": "select 1 as x", "models/b.sql": "select * from {{ ref('a') }}",
            "models/schema.yml": """
            models:
              - name: a
                columns: [{name: x, data_tests: [unique]}]
              - name: b
                columns: [{name: x, data_tests: [unique, relationships: {arguments: {to: ref('a'), field: x}}]}]
            """,
            "selectors.yml": "selectors:\n" + selectors,
        ])
        do {
            let session = try await project.load { $0.selector = "top" }
            return try session.list("name").joined(separator: " ")
        } catch let error as TransformError {
            return error.message
        }
    }

    @Test(
        "means what dbt means",
        arguments: [
            ("  - {name: top, definition: b}", "b relationships_b_x__x__ref_a_ unique_b_x"),
            ("  - {name: top, definition: {method: fqn, value: b, indirect_selection: cautious}}", "b unique_b_x"),
            ("  - {name: top, definition: {method: fqn, value: b, indirect_selection: empty}}", "b"),
            (
                "  - {name: top, definition: {method: fqn, value: a, children: true, indirect_selection: buildable}}",
                "a b relationships_b_x__x__ref_a_ unique_a_x unique_b_x"
            ),
            // What a selector leaves out does not come back by another that refers to it.
            (
                "  - {name: top, definition: {method: selector, value: inner}}\n"
                    + "  - {name: inner, definition: {method: fqn, value: a, exclude: ['test_type:generic']}}", "a"
            ),
            (
                "  - {name: top, definition: {method: selector, value: 'in*'}}\n  - {name: in1, definition: 'test_name:unique'}\n"
                    + "  - {name: in2, definition: {method: fqn, value: a, indirect_selection: empty}}", "a unique_a_x unique_b_x"
            ),
            (
                "  - {name: top, definition: {union: [a, {method: fqn, value: b, exclude: ['test_name:relationships']}]}}",
                "a unique_a_x"
            ),
            (
                "  - {name: top, definition: {method: fqn, value: b, indirect_selection: cautios}}",
                "'cautios' is no value of 'indirect_selection'"
            ),
            (
                "  - {name: top, definition: {union: [a, {exclude: [a]}, {exclude: [b]}]}}",
                "You cannot provide multiple exclude arguments to the same selector set operator"
            ),
            (
                "  - {name: top, definition: {method: selector, value: inner}}\n"
                    + "  - {name: inner, definition: {method: selector, value: top}}",
                "Circular dependency detected in selector: top > inner > top"
            ),
        ])
    func means(_ selectors: String, _ expected: String) async throws {
        #expect(try await selected(selectors) == expected)
    }
}
