import Diagnostics
import Documents
import OrderedCollections

@testable import Transform

/// A small project for the tests of selection and graph:
///
///     crm.customers -> stg_customers -\
///     crm.orders ----> stg_orders ------> customers -> top_customers, weekly_report
///          regions (seed) ------------/
///     stg_orders -> prices v1 v2 v3        tools.calendar -> days (ephemeral)
enum ShopManifest {
    static let manifest: Manifest = {
        var manifest = Manifest(projectName: "shop")
        for node in models + tests { manifest.nodes[node.id] = node }
        for table in ["customers", "orders"] {
            let source = source(table)
            manifest.sources[source.id] = source
        }
        let report = Exposure(
            id: "exposure.shop.weekly_report", name: "weekly_report", packageName: "shop", path: "schema.yml",
            originalPath: "models/schema.yml", fqn: ["shop", "weekly_report"], type: "dashboard",
            dependsOnNodes: ["model.shop.customers"], location: schema)
        manifest.exposures[report.id] = report
        return manifest
    }()

    /// The id without type and package, by which the tests name things.
    static func shortName(_ id: NodeID) -> String {
        id.rawValue.split(separator: ".", maxSplits: 2).last.map(String.init) ?? id.rawValue
    }

    private static let schema = SourceLocation(file: "models/schema.yml")
    private static let meta: JSON = ["owner": "finance", "levels": ["gold", 2], "deep": ["team": "core"]]

    private static let models: [Node] = {
        let marts: JSON = ["materialized": "table", "enabled": true, "meta": meta]
        var customers = node(
            "customers", in: "marts", config: marts, patched: true,
            needs: ["model.shop.stg_customers", "model.shop.stg_orders", "seed.shop.regions"])
        customers.group = "finance"
        customers.config["group"] = "finance"
        customers.access = "public"
        var regions = node("regions", in: nil, needs: [])
        regions.id = "seed.shop.regions"
        regions.resourceType = .seed
        regions.originalPath = "seeds/regions.csv"
        regions.config = NodeConfig([("materialized", "seed"), ("enabled", true)].members)
        var calendar = node("calendar", in: nil, needs: [])
        calendar.id = "model.tools.calendar"
        calendar.packageName = "tools"
        calendar.fqn = ["tools", "calendar"]
        var days = node("days", in: "marts", config: marts, needs: ["model.tools.calendar"])
        days.config["materialized"] = "ephemeral"
        var staged = ["customers", "orders"].map {
            node("stg_\($0)", in: "staging", patched: true, needs: [NodeID("source.shop.crm.\($0)")])
        }
        for index in staged.indices {
            staged[index].tags = ["nightly"]
            staged[index].config["tags"] = ["nightly"]
        }
        let prices = (1...3).map { version in
            var node = node("prices", in: "marts", config: marts, patched: true, needs: ["model.shop.stg_orders"])
            node.id = NodeID("model.shop.prices.v\(version)")
            node.fqn = ["shop", "marts", "prices", "v\(version)"]
            node.originalPath = "models/marts/prices_v\(version).sql"
            node.version = "\(version)"
            node.latestVersion = "2"
            return node
        }
        return [days, node("top_customers", in: "marts", config: marts, needs: ["model.shop.customers"]), customers]
            + staged + [regions, calendar] + prices
    }()

    private static let tests: [Node] = {
        var singular = test("orders_have_customers", of: nil, needs: ["model.shop.stg_orders", "model.shop.customers"])
        singular.originalPath = "tests/orders_have_customers.sql"
        var relationships = test(
            "relationships_stg_orders_customer_id", of: "relationships",
            needs: ["model.shop.stg_customers", "model.shop.stg_orders"])
        relationships.config["severity"] = "warn"
        var raw = test("source_not_null_crm_customers_id", of: "not_null", needs: ["source.shop.crm.customers"])
        raw.tags = ["raw"]
        return [
            singular, test("unique_stg_customers_id", of: "unique", needs: ["model.shop.stg_customers"]),
            test("not_null_stg_customers_id", of: "not_null", needs: ["model.shop.stg_customers"]), relationships,
            test("unique_customers_id", of: "unique", needs: ["model.shop.customers"]), raw,
        ]
    }()

    /// A model of the project.
    static func node(
        _ name: String, in folder: String?, config: JSON = ["materialized": "view", "enabled": true], patched: Bool = false,
        needs: [NodeID]
    ) -> Node {
        let path = "\(folder.map { "\($0)/" } ?? "")\(name).sql"
        var node = Node(
            id: NodeID("model.shop.\(name)"), name: name, resourceType: .model, packageName: "shop", path: path,
            originalPath: "models/\(path)", rawCode: "select 1", fqn: ["shop"] + (folder.map { [$0] } ?? []) + [name],
            alias: name,
            checksum: .none, config: NodeConfig(config.object ?? JSON.Members()), location: SourceLocation(file: "models/\(path)")
        )
        node.patchPath = patched ? "shop://models/schema.yml" : nil
        node.dependsOnNodes = needs
        return node
    }

    /// A test; a singular one without the name of a generic test.
    static func test(_ name: String, of generic: String?, needs: [NodeID]) -> Node {
        var node = node(name, in: nil, config: ["materialized": "test", "severity": "ERROR", "enabled": true], needs: needs)
        node.id = NodeID("test.shop.\(name)")
        node.resourceType = .test
        node.originalPath = "models/schema.yml"
        node.test = generic.map { TestMetadata(name: $0, arguments: JSON.Members(), fileKeyName: "models") }
        return node
    }

    private static func source(_ table: String) -> SourceDefinition {
        SourceDefinition(
            id: NodeID("source.shop.crm.\(table)"), packageName: "shop", path: "models/schema.yml",
            originalPath: "models/schema.yml", fqn: ["shop", "crm", table], sourceName: "crm", name: table, identifier: table,
            database: "d", schema: "crm", tags: ["raw"], config: NodeConfig([("enabled", true)].members), relationName: table,
            location: schema)
    }
}

extension [(String, JSON)] {
    fileprivate var members: JSON.Members { JSON.Members(self) }
}
