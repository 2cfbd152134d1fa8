import Documents
import Testing

@testable import Transform

struct GenericTestNameTests {
    @Test("names a test after its target and arguments")
    func names() {
        let arguments = JSON.Members(pairs: [("column_name", "project_id"), ("model", "{{ get_where_subquery(ref('orders')) }}")])
        let names = GenericTestName.synthesize(type: "not_null", target: "orders", arguments: arguments)
        #expect(names.full == "not_null_orders_project_id")
        #expect(names.short == names.full)
    }

    @Test("joins the arguments in the order of their names, cleaned")
    func arguments() {
        let arguments = JSON.Members(pairs: [
            ("values", ["placed", "on hold", 3, true, nil]), ("column_name", "status"), ("quote", false),
        ])
        let names = GenericTestName.synthesize(type: "accepted_values", target: "orders", arguments: arguments)
        #expect(names.full == "accepted_values_orders_status__False__placed__on_hold__3__True__None")
    }

    @Test("hashes names that no relation could have")
    func long() {
        let arguments = JSON.Members(pairs: [
            ("column_name", "customer_id"), ("to", "ref('a_dimension_with_a_long_name')"), ("field", "customer_id"),
        ])
        let names = GenericTestName.synthesize(
            type: "relationships", target: "an_orders_table_with_a_long_name", arguments: arguments)
        #expect(
            names.full
                == "relationships_an_orders_table_with_a_long_name_customer_id__customer_id__ref_a_dimension_with_a_long_name_")
        #expect(
            names.short == "relationships_an_orders_table__" + Checksum.md5(names.full)
                || names.short.hasPrefix("relationships_an_orders_table_"))
        #expect(names.short.count == 63)
    }

    // The ids that dbt 1.12 gives to these tests.
    @Test(
        "gives the ids that dbt gives",
        arguments: [
            ("not_null_int_engagement_metrics_project_id", "not_null", "int_engagement_metrics", "project_id", "305263dcb2"),
            ("not_null_dim_project_id", "not_null", "dim_project", "id", "5e2b164b92"),
            ("unique_dim_project_project_id", "unique", "dim_project", "project_id", "87b4f343a2"),
        ])
    func ids(name: String, test: String, model: String, column: String, hash: String) {
        let arguments = JSON.Members(pairs: [
            ("column_name", .string(column)), ("model", .string("{{ get_where_subquery(ref('\(model)')) }}")),
        ])
        #expect(GenericTestName.hash(name: name, test: test, namespace: nil, arguments: arguments) == hash)
    }
}
