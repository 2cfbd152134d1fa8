import Testing

@testable import Transform

/// What `dbt ls` of dbt-core 1.12 lists of the same project.
struct ShopSelectionTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var select: String?
        var exclude: String?
        var types: Set<ResourceType>
        var indirect: IndirectSelection
        var names: String
        var warnings: [String]

        init(
            _ select: String?, exclude: String? = nil, types: Set<ResourceType> = Set(ResourceType.allCases),
            indirect: IndirectSelection = .eager, is names: String, warns warnings: [String] = []
        ) {
            (self.select, self.exclude, self.types, self.indirect) = (select, exclude, types, indirect)
            (self.names, self.warnings) = (names, warnings)
        }

        var testDescription: String {
            "\(select ?? "everything")\(exclude.map { " without \($0)" } ?? "")\(indirect == .eager ? "" : " (\(indirect))")"
        }
    }

    static let cases: [Case] = [
        Case("customers", is: "customers orders_have_customers unique_customers_id"),
        Case(
            "+customers",
            is:
                "crm.customers crm.orders customers not_null_stg_customers_id orders_have_customers regions relationships_stg_orders_customer_id source_not_null_crm_customers_id stg_customers stg_orders unique_customers_id unique_stg_customers_id"
        ),
        Case(
            "1+customers",
            is:
                "customers not_null_stg_customers_id orders_have_customers regions relationships_stg_orders_customer_id stg_customers stg_orders unique_customers_id unique_stg_customers_id"
        ),
        Case(
            "stg_orders+",
            is:
                "customers orders_have_customers prices.v1 prices.v2 prices.v3 relationships_stg_orders_customer_id stg_orders top_customers unique_customers_id weekly_report"
        ),
        Case(
            "stg_orders+1",
            is:
                "customers orders_have_customers prices.v1 prices.v2 prices.v3 relationships_stg_orders_customer_id stg_orders unique_customers_id"
        ),
        Case("0+customers", is: "customers orders_have_customers unique_customers_id"),
        Case(
            "@stg_customers",
            is:
                "crm.customers crm.orders customers not_null_stg_customers_id orders_have_customers regions relationships_stg_orders_customer_id source_not_null_crm_customers_id stg_customers stg_orders top_customers unique_customers_id unique_stg_customers_id weekly_report"
        ),
        Case(
            "1+customers+1",
            is:
                "customers not_null_stg_customers_id orders_have_customers regions relationships_stg_orders_customer_id stg_customers stg_orders top_customers unique_customers_id unique_stg_customers_id weekly_report"
        ),
        Case(
            "stg_customers stg_orders",
            is:
                "not_null_stg_customers_id orders_have_customers relationships_stg_orders_customer_id stg_customers stg_orders unique_stg_customers_id"
        ),
        Case("tag:nightly,stg_orders+", is: "orders_have_customers relationships_stg_orders_customer_id stg_orders"),
        Case("tag:nightly,customers", is: "orders_have_customers"),
        Case(
            "tag:night*",
            is:
                "not_null_stg_customers_id orders_have_customers relationships_stg_orders_customer_id stg_customers stg_orders unique_stg_customers_id"
        ),
        Case("tag:raw", is: "crm.customers crm.orders source_not_null_crm_customers_id"),
        Case(
            "shop.staging",
            is:
                "not_null_stg_customers_id orders_have_customers relationships_stg_orders_customer_id stg_customers stg_orders unique_stg_customers_id"
        ),
        Case(
            "staging",
            is:
                "not_null_stg_customers_id orders_have_customers relationships_stg_orders_customer_id stg_customers stg_orders unique_stg_customers_id"
        ),
        Case(
            "staging.*",
            is:
                "not_null_stg_customers_id orders_have_customers relationships_stg_orders_customer_id stg_customers stg_orders unique_stg_customers_id"
        ),
        Case("shop.*.customers", is: "customers orders_have_customers unique_customers_id"),
        Case(
            "*customers",
            is:
                "customers not_null_stg_customers_id orders_have_customers relationships_stg_orders_customer_id stg_customers top_customers unique_customers_id unique_stg_customers_id"
        ),
        Case("*.customers", is: "customers orders_have_customers unique_customers_id"),
        Case("stg_?rders", is: "", warns: ["stg_?rders"]),
        Case("stg_[co]*", is: "", warns: ["stg_[co]*"]),
        Case(
            "shop",
            is:
                "customers days not_null_stg_customers_id orders_have_customers prices.v1 prices.v2 prices.v3 regions relationships_stg_orders_customer_id source_not_null_crm_customers_id stg_customers stg_orders top_customers unique_customers_id unique_stg_customers_id weekly_report"
        ),
        Case("tools", is: "calendar"),
        Case("tools.calendar", is: "calendar"),
        Case("prices", is: "prices.v1 prices.v2 prices.v3"),
        Case("prices.v2", is: "prices.v2"),
        Case("prices_v2", is: "prices.v2"),
        Case("marts.prices.v2", is: "prices.v2"),
        Case("other.prices.v3", is: "prices.v3"),
        Case("version:latest", is: "prices.v2"),
        Case("version:prerelease", is: "prices.v3"),
        Case("version:old", is: "prices.v1"),
        Case(
            "version:none",
            is:
                "calendar customers days not_null_stg_customers_id orders_have_customers relationships_stg_orders_customer_id stg_customers stg_orders top_customers unique_customers_id unique_stg_customers_id"
        ),
        Case("source:crm", is: "crm.customers crm.orders source_not_null_crm_customers_id"),
        Case(
            "source:crm.orders+",
            is:
                "crm.orders customers orders_have_customers prices.v1 prices.v2 prices.v3 relationships_stg_orders_customer_id stg_orders top_customers unique_customers_id weekly_report"
        ),
        Case("source:shop.crm.customers", is: "crm.customers source_not_null_crm_customers_id"),
        Case("source:*", is: "crm.customers crm.orders source_not_null_crm_customers_id"),
        Case(
            "path:models/staging",
            is:
                "not_null_stg_customers_id orders_have_customers relationships_stg_orders_customer_id stg_customers stg_orders unique_stg_customers_id"
        ),
        Case(
            "models/staging",
            is:
                "not_null_stg_customers_id orders_have_customers relationships_stg_orders_customer_id stg_customers stg_orders unique_stg_customers_id"
        ),
        Case(
            "models/staging/",
            is:
                "not_null_stg_customers_id orders_have_customers relationships_stg_orders_customer_id stg_customers stg_orders unique_stg_customers_id"
        ),
        Case("models/staging/stg_orders.sql", is: "orders_have_customers relationships_stg_orders_customer_id stg_orders"),
        Case(
            "models/*/stg_*.sql",
            is:
                "not_null_stg_customers_id orders_have_customers relationships_stg_orders_customer_id stg_customers stg_orders unique_stg_customers_id"
        ),
        Case("models/**/customers.sql", is: "customers orders_have_customers unique_customers_id"),
        Case(
            "./models/marts",
            is: "customers days orders_have_customers prices.v1 prices.v2 prices.v3 top_customers unique_customers_id"),
        Case(
            "path:models/schema.yml",
            is:
                "crm.customers crm.orders customers not_null_stg_customers_id orders_have_customers prices.v1 prices.v2 prices.v3 relationships_stg_orders_customer_id source_not_null_crm_customers_id stg_customers stg_orders unique_customers_id unique_stg_customers_id weekly_report"
        ),
        Case("stg_orders.sql", is: "orders_have_customers relationships_stg_orders_customer_id stg_orders"),
        Case("file:stg_orders", is: "orders_have_customers relationships_stg_orders_customer_id stg_orders"),
        Case(
            "file:schema.yml",
            is:
                "crm.customers crm.orders not_null_stg_customers_id relationships_stg_orders_customer_id source_not_null_crm_customers_id unique_customers_id unique_stg_customers_id weekly_report"
        ),
        Case("schema.yml", is: "", warns: ["schema.yml"]),
        Case("regions.csv", is: "regions"),
        Case("package:shop,resource_type:seed", is: "regions"),
        Case(
            "package:this,resource_type:model",
            is:
                "customers days not_null_stg_customers_id orders_have_customers prices.v1 prices.v2 prices.v3 relationships_stg_orders_customer_id stg_customers stg_orders top_customers unique_customers_id unique_stg_customers_id"
        ),
        Case("package:tools", is: "calendar"),
        Case(
            "config.materialized:table",
            is: "customers orders_have_customers prices.v1 prices.v2 prices.v3 top_customers unique_customers_id"),
        Case("config.materialized:TABLE", is: "", warns: ["config.materialized:TABLE"]),
        Case(
            "config.meta.owner:finance",
            is: "customers days orders_have_customers prices.v1 prices.v2 prices.v3 top_customers unique_customers_id"),
        Case(
            "config.meta.levels:gold",
            is: "customers days orders_have_customers prices.v1 prices.v2 prices.v3 top_customers unique_customers_id"),
        Case("config.meta.levels:2", is: "", warns: ["config.meta.levels:2"]),
        Case(
            "config.meta.deep.team:core",
            is: "customers days orders_have_customers prices.v1 prices.v2 prices.v3 top_customers unique_customers_id"),
        Case("config.meta.deep:team", is: "", warns: ["config.meta.deep:team"]),
        Case("config.severity:WARN", is: "relationships_stg_orders_customer_id"),
        Case("config.enabled:TRUE,resource_type:seed", is: "regions"),
        Case("config.group:none", is: "", warns: ["config.group:none"]),
        Case("test_name:unique", is: "unique_customers_id unique_stg_customers_id"),
        Case("test_name:not_*", is: "not_null_stg_customers_id source_not_null_crm_customers_id"),
        Case(
            "test_type:generic",
            is:
                "not_null_stg_customers_id relationships_stg_orders_customer_id source_not_null_crm_customers_id unique_customers_id unique_stg_customers_id"
        ),
        Case("test_type:singular", is: "orders_have_customers"),
        Case(
            "test_type:data",
            is:
                "not_null_stg_customers_id orders_have_customers relationships_stg_orders_customer_id source_not_null_crm_customers_id unique_customers_id unique_stg_customers_id"
        ),
        Case(
            "test_type:schema",
            is:
                "not_null_stg_customers_id relationships_stg_orders_customer_id source_not_null_crm_customers_id unique_customers_id unique_stg_customers_id"
        ),
        Case("test_type:unit", is: "", warns: ["test_type:unit"]),
        Case("resource_type:snapshot", is: "", warns: ["resource_type:snapshot"]),
        Case("resource_type:exposure", is: "weekly_report"),
        Case("exposure:weekly_report", is: "weekly_report"),
        Case(
            "+exposure:weekly_report",
            is:
                "crm.customers crm.orders customers not_null_stg_customers_id orders_have_customers regions relationships_stg_orders_customer_id source_not_null_crm_customers_id stg_customers stg_orders unique_customers_id unique_stg_customers_id weekly_report"
        ),
        Case("exposure:shop.weekly_*", is: "weekly_report"),
        Case("group:finance", is: "customers orders_have_customers unique_customers_id"),
        Case("access:public", is: "customers orders_have_customers unique_customers_id"),
        Case("nosuch", is: "", warns: ["nosuch"]),
        Case("nosuch stg_orders", is: "orders_have_customers relationships_stg_orders_customer_id stg_orders", warns: ["nosuch"]),
        Case("tag:none,customers", is: "", warns: ["tag:none,customers"]),
        Case(
            nil, exclude: "customers",
            is:
                "calendar crm.customers crm.orders days not_null_stg_customers_id prices.v1 prices.v2 prices.v3 regions relationships_stg_orders_customer_id source_not_null_crm_customers_id stg_customers stg_orders top_customers unique_stg_customers_id weekly_report"
        ),
        Case(nil, exclude: "tag:nightly+", is: "calendar crm.customers crm.orders days regions source_not_null_crm_customers_id"),
        Case("staging", exclude: "stg_orders", is: "not_null_stg_customers_id stg_customers unique_stg_customers_id"),
        Case(
            "+customers", exclude: "test_type:generic",
            is: "crm.customers crm.orders customers orders_have_customers regions stg_customers stg_orders"),
        Case("+customers", types: [.model], is: "customers stg_customers stg_orders"),
        Case(
            nil, types: [.test],
            is:
                "not_null_stg_customers_id orders_have_customers relationships_stg_orders_customer_id source_not_null_crm_customers_id unique_customers_id unique_stg_customers_id"
        ),
        Case(
            "staging", indirect: .eager,
            is:
                "not_null_stg_customers_id orders_have_customers relationships_stg_orders_customer_id stg_customers stg_orders unique_stg_customers_id"
        ),
        Case("stg_orders", indirect: .eager, is: "orders_have_customers relationships_stg_orders_customer_id stg_orders"),
        Case("stg_orders", indirect: .cautious, is: "stg_orders"),
        Case("stg_orders", indirect: .buildable, is: "stg_orders"),
        Case("stg_orders", indirect: .empty, is: "stg_orders"),
        Case("customers", indirect: .cautious, is: "customers unique_customers_id"),
        Case("customers", indirect: .buildable, is: "customers orders_have_customers unique_customers_id"),
        Case(
            "stg_customers stg_orders", indirect: .cautious,
            is: "not_null_stg_customers_id relationships_stg_orders_customer_id stg_customers stg_orders unique_stg_customers_id"),
        Case("stg_orders customers", indirect: .cautious, is: "customers orders_have_customers stg_orders unique_customers_id"),
        Case("staging", exclude: "stg_customers", indirect: .cautious, is: "relationships_stg_orders_customer_id stg_orders"),
        Case(
            nil, exclude: "stg_customers", indirect: .cautious,
            is:
                "calendar crm.customers crm.orders customers days orders_have_customers prices.v1 prices.v2 prices.v3 regions relationships_stg_orders_customer_id source_not_null_crm_customers_id stg_orders top_customers unique_customers_id weekly_report"
        ),
        Case(
            nil, exclude: "stg_customers", indirect: .empty,
            is:
                "calendar crm.customers crm.orders customers days not_null_stg_customers_id orders_have_customers prices.v1 prices.v2 prices.v3 regions relationships_stg_orders_customer_id source_not_null_crm_customers_id stg_orders top_customers unique_customers_id unique_stg_customers_id weekly_report"
        ),
        Case("tag:nightly,stg_orders", indirect: .buildable, is: "stg_orders"),
        Case("", types: [.model], is: "", warns: [""]),
    ]

    @Test("selects what dbt selects", arguments: cases)
    func selects(_ test: Case) throws {
        let selector = NodeSelector(
            manifest: ShopManifest.manifest, graph: NodeGraph(ShopManifest.manifest), projectFolder: "/projects/shop",
            indirectSelection: test.indirect, types: test.types)
        let expression = try SelectionExpression(select: test.select.map { [$0] } ?? [], exclude: test.exclude.map { [$0] } ?? [])
        let selected = selector.select(expression)
        #expect(selected.map(ShopManifest.shortName).sorted().joined(separator: " ") == test.names)
        #expect(selector.idleCriteria(in: expression) == test.warnings)
    }

    @Test(
        "refuses selections that cannot mean anything",
        arguments: [
            "taag:x", "@customers+", "version:new", "source:a.b.c.d", "exposure:a.b.c", "test_type:nonsense",
            "resource_type:nonsense",
        ])
    func refuses(_ text: String) {
        let error = #expect(throws: TransformError.self) { try SelectionExpression(select: [text], exclude: []) }
        #expect(error?.kind == .selector)
        #expect(error?.message.contains("'\(text)'") == true)
    }

    @Test("says what an unknown method may have meant")
    func suggests() {
        let error = #expect(throws: TransformError.self) { try SelectionExpression(select: ["taag:x"], exclude: []) }
        #expect(error?.hint?.contains("tag") == true)
    }
}
