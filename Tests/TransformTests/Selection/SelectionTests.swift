import Diagnostics
import Testing

@testable import Transform

struct SelectionTests {
    private static let project: [String: String] = [
        "dbt_project.yml": """
        name: shop
        profile: shop
        models:
          shop:
            staging: {+tags: nightly, +materialized: view}
            marts: {+materialized: table}
        """,
        "models/staging/stg_orders.sql": "select * from {{ source('raw', 'orders') }}",
        "models/staging/stg_customers.sql": "select * from {{ source('raw', 'customers') }}",
        "models/marts/orders.sql": "select * from {{ ref('stg_orders') }} join {{ ref('countries') }} using (country)",
        "models/marts/customers.sql": "select * from {{ ref('stg_customers') }} join {{ ref('orders') }} using (id)",
        "models/marts/report.sql": "{{ config(tags=['weekly']) }} select * from {{ ref('customers') }}",
        "seeds/countries.csv": "country\nnl\n",
        "tests/no_orphans.sql": "select * from {{ ref('orders') }} where false",
        "models/schema.yml": """
        sources:
          - {name: raw, tables: [{name: orders}, {name: customers, data_tests: [is_fresh]}]}
        models:
          - name: orders
            columns:
              - {name: id, data_tests: [unique, not_null]}
          - name: customers
            columns:
              - name: id
                data_tests: [{relationships: {arguments: {to: ref('orders'), field: id}}}]
        """,
        "macros/is_fresh.sql": "{% test is_fresh(model) %} select 1 from {{ model }} where false {% endtest %}",
    ]

    private static let tests: Set<String> = [
        "unique_orders_id", "not_null_orders_id", "no_orphans", "relationships_customers_id__id__ref_orders_",
        "source_is_fresh_raw_customers_",
    ]

    @Test(
        "selects what dbt selects",
        arguments: [
            ("orders", "", ["orders"]),
            ("stg_orders+", "", ["stg_orders", "orders", "customers", "report"]),
            ("stg_orders+1", "", ["stg_orders", "orders"]),
            ("+orders", "", ["stg_orders", "countries", "orders"]),
            ("1+customers", "", ["stg_customers", "orders", "customers"]),
            ("1+orders+1", "", ["stg_orders", "countries", "orders", "customers"]),
            ("@stg_customers", "", ["stg_orders", "stg_customers", "countries", "orders", "customers", "report"]),
            ("tag:nightly", "", ["stg_orders", "stg_customers"]),
            ("tag:night*", "stg_orders", ["stg_customers"]),
            ("staging", "", ["stg_orders", "stg_customers"]),
            ("shop.staging.stg_orders", "", ["stg_orders"]),
            ("marts.*", "report", ["orders", "customers"]),
            ("path:models/staging", "", ["stg_orders", "stg_customers"]),
            ("models/marts", "", ["orders", "customers", "report"]),
            ("models/marts/r*.sql", "", ["report"]),
            ("orders.sql", "", ["orders"]),
            ("file:countries.csv", "", ["countries"]),
            ("config.materialized:table", "", ["orders", "customers", "report"]),
            ("config.tags:weekly", "", ["report"]),
            ("resource_type:seed", "", ["countries"]),
            ("package:shop,tag:weekly", "", ["report"]),
            ("package:this", "tag:nightly resource_type:seed", ["orders", "customers", "report"]),
            ("+report,stg_orders+", "", ["orders", "customers", "report", "stg_orders"]),
            ("orders report", "", ["orders", "report"]),
            ("source:raw.orders+1", "", ["stg_orders"]),
            ("source:shop.raw.*+1", "", ["stg_orders", "stg_customers"]),
            ("nothing_of_the_kind", "", []),
        ])
    func nodes(select: String, exclude: String, expected: [String]) async throws {
        let session = try await TestProject(Self.project).load()
        let selected = try session.selection(.build, select: [select], exclude: exclude.isEmpty ? [] : [exclude])
        let names = Set(selected.compactMap { session.manifest.node($0)?.name }).subtracting(Self.tests)
        #expect(names == Set(expected))
    }

    @Test(
        "selects tests with their nodes as the mode says",
        arguments: [
            (
                "orders", IndirectSelection.eager,
                ["unique_orders_id", "not_null_orders_id", "no_orphans", "relationships_customers_id__id__ref_orders_"]
            ),
            ("orders", .cautious, ["unique_orders_id", "not_null_orders_id", "no_orphans"]),
            ("customers", .buildable, ["relationships_customers_id__id__ref_orders_"]),
            ("orders", .empty, []),
            ("test_type:singular", .eager, ["no_orphans"]),
            (
                "test_type:generic,orders", .eager,
                ["unique_orders_id", "not_null_orders_id", "relationships_customers_id__id__ref_orders_"]
            ),
            ("test_name:unique", .eager, ["unique_orders_id"]),
            ("source:raw", .eager, ["source_is_fresh_raw_customers_"]),
        ])
    func tests(select: String, mode: IndirectSelection, expected: [String]) async throws {
        let session = try await TestProject(Self.project).load { $0.indirectSelection = mode }
        let names = try session.selection(.test, select: [select]).compactMap { session.manifest.node($0)?.name }
        #expect(Set(names) == Set(expected))
    }

    @Test(
        "a selection that cannot be read names its mistake",
        arguments: [("@orders+", "'@'"), ("tagg:nightly", "did you mean 'tag'?")])
    func mistakes(select: String, part: String) async throws {
        let session = try await TestProject(Self.project).load()
        let error = #expect(throws: TransformError.self) { try session.plan(.run, select: [select]) }
        #expect(error?.kind == .selector)
        #expect(error?.description.contains(part) ?? false)
    }

    @Test("lists fully qualified names, and sources with their kind")
    func list() async throws {
        let session = try await TestProject(Self.project).load()
        #expect(try session.list(select: ["+orders"]).contains("source:shop.raw.orders"))
        #expect(try session.list(select: ["stg_orders"]) == ["shop.staging.stg_orders"])
        #expect(try session.list("name", select: ["stg_orders"]) == ["stg_orders"])
        #expect(try session.list("path", select: ["stg_orders"]) == ["models/staging/stg_orders.sql"])
    }

    @Test("words that select nothing are named")
    func idle() async throws {
        let session = try await TestProject(Self.project).load()
        #expect(try session.idleSelections(select: ["orders", "ordres"]) == ["ordres"])
    }
}
