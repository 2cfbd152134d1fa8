import Diagnostics
import Documents
import Testing

@testable import Transform

/// The whole form of what dbt writes is held by `Tests/conformance/manifests.sh`, beside real dbt.
@Suite("Semantic layer") struct SemanticLayerTests {
    static let files = [
        "dbt_project.yml": "name: shop\nprofile: shop\nsemantic-models: {shop: {+meta: {level: project}}}\n",
        "selectors.yml": """
        selectors:
        - name: money
          definition: {union: ["+metric:growth", {tag: nightly}, {exclude: [customers]}]}
        """,
        "models/orders.sql": "select 1 as order_id", "models/visits.sql": "select 1 as visit_id",
        "models/days.sql": "select current_date as day",
        "models/schema.yml": """
        groups: [{name: finance, owner: {name: F}}]
        models:
        - {name: days, time_spine: {standard_granularity_column: day}, columns: [{name: day, granularity: day}]}
        - name: visits
          semantic_model: true
          agg_time_dimension: at
          columns:
          - {name: visit_id, entity: primary}
          - {name: at, granularity: day, dimension: {type: time, label: When}}
          metrics:
          - {name: visits_total, agg: count, expr: visit_id, filter: "{{ Dimension('visit__at') }} is not null"}
        exposures:
        - {name: board, type: dashboard, owner: {name: B}, depends_on: ["metric('growth')"]}
        semantic_models:
        - name: orders_model
          description: "{{ doc('text') }}"
          model: ref('orders')
          defaults: {agg_time_dimension: ordered_at}
          entities: [{name: order_id, type: primary, config: {meta: {own: 1}}}]
          dimensions: [{name: ordered_at, type: time, type_params: {time_granularity: day}}]
          measures:
          - {name: amount, agg: sum, expr: 1, create_metric: true}
        metrics:
        - {name: revenue, label: R, type_params: {measure: amount}, config: {group: finance}}
        - name: growth
          label: G
          type: derived
          type_params:
            expr: a - b
            metrics: [{name: revenue, alias: a}, {name: revenue, alias: b, offset_window: 28 days}]
        saved_queries:
        - name: weekly
          tags: nightly
          query_params: {metrics: [growth], group_by: [metric_time], where: "{{ Dimension('x') }}"}
          exports: [{name: weekly_table, config: {export_as: table, schema: out}}]
        """, "models/text.md": "{% docs text %}orders as facts{% enddocs %}",
    ]

    private func json(_ session: TransformSession, _ id: NodeID) throws -> JSON {
        SemanticArtifact.json(of: try #require(session.manifest.semantics[id]))
    }

    @Test("a semantic model knows its relation, its elements inherit its meta, and docs are put in")
    func semanticModel() async throws {
        let session = try await TestProject(Self.files).load()
        let model = try json(session, "semantic_model.shop.orders_model")
        #expect(model["depends_on"]?["nodes"] == ["model.shop.orders"])
        #expect(model["node_relation"]?["relation_name"] == "\"shop\".\"analytics\".\"orders\"")
        #expect(model["description"] == "orders as facts")
        #expect(model["entities"]?[0]?["config"] == ["meta": ["level": "project", "own": 1]])
        #expect(model["measures"]?[0]?["expr"] == "1")
        #expect(session.manifest.semantics["metric.shop.amount"]?.dependsOnNodes == ["semantic_model.shop.orders_model"])
    }

    @Test("metrics carry the measures of those they are made of")
    func metrics() async throws {
        let session = try await TestProject(Self.files).load()
        let growth = try json(session, "metric.shop.growth")
        #expect(growth["depends_on"]?["nodes"] == ["metric.shop.revenue"])
        #expect(growth["type_params"]?["input_measures"]?[0]?["name"] == "amount")
        #expect(growth["type_params"]?["metrics"]?[1]?["offset_window"] == ["count": 28, "granularity": "day"])
        #expect(session.manifest.exposures["exposure.shop.board"]?.dependsOnNodes == ["metric.shop.growth"])
    }

    @Test("a model may be a semantic model itself, with metrics of its own")
    func inModels() async throws {
        let session = try await TestProject(Self.files).load()
        let model = try json(session, "semantic_model.shop.visits")
        #expect(model["dimensions"]?[0]?["name"] == "at" && model["dimensions"]?[0]?["label"] == "When")
        let metric = try json(session, "metric.shop.visits_total")
        #expect(metric["type_params"]?["metric_aggregation_params"]?["semantic_model"] == "visits")
        #expect(metric["filter"]?["where_filters"]?[0]?["where_sql_template"] == "{{ Dimension('visit__at') }} is not null")
        #expect(metric["depends_on"]?["nodes"] == ["semantic_model.shop.visits"])
    }

    @Test(
        "selections reach metrics, semantic models and saved queries",
        arguments: [
            ("metric:revenue", ["metric:shop.revenue"]), ("saved_query:week*", ["saved_query:shop.weekly"]),
            ("semantic_model:shop.orders_model", ["semantic_model:shop.orders_model"]),
            ("group:finance", ["metric:shop.revenue"]), ("tag:nightly", ["saved_query:shop.weekly"]),
            (
                "+metric:growth",
                ["metric:shop.growth", "metric:shop.revenue", "shop.orders", "semantic_model:shop.orders_model"]
            ), ("metric:growth+", ["exposure:shop.board", "metric:shop.growth", "saved_query:shop.weekly"]),
            (
                "selector:money",
                [
                    "metric:shop.growth", "metric:shop.revenue", "shop.orders", "saved_query:shop.weekly",
                    "semantic_model:shop.orders_model",
                ]
            ),
        ])
    func selection(_ words: String, _ expected: [String]) async throws {
        let session = try await TestProject(Self.files).load { $0.select = [words] }
        #expect(try session.list() == expected)
    }

    @Test("manifest.json and semantic_manifest.json hold them, also out of the cache")
    func artifacts() async throws {
        let project = try TestProject(Self.files)
        for _ in 0..<2 {
            let session = try await project.load { $0.flags = JSON.Members(pairs: [("PARTIAL_PARSE", true)]) }
            try session.writeManifest()
            let manifest = try JSON(parsing: Array(project.read("target/manifest.json").utf8), file: "manifest.json")
            #expect(manifest["metrics"]?.object?.count == 4)
            #expect(manifest["saved_queries"]?["saved_query.shop.weekly"]?["exports"]?[0]?["config"]?["schema_name"] == "out")
            #expect(manifest["group_map"]?["finance"] == ["metric.shop.revenue"])
            #expect(manifest["nodes"]?["model.shop.days"]?["time_spine"]?["standard_granularity_column"] == "day")
            let parts = manifest["selectors"]?["money"]?["definition"]?["union"]
            #expect(parts?[0] == ["method": "metric", "value": "growth", "parents": true])
            #expect(parts?[1] == ["method": "tag", "value": "nightly"])
            let semantic = try JSON(
                parsing: Array(project.read("target/semantic_manifest.json").utf8), file: "semantic_manifest.json")
            #expect(semantic["project_configuration"]?["time_spines"]?[0]?["primary_column"]?["time_granularity"] == "day")
            #expect(semantic["saved_queries"]?[0]?["tags"] == ["nightly"])
        }
    }

    @Test(
        "what cannot be is an error with its place and what to do",
        arguments: [
            ("{name: m, label: M, type_params: {measure: amuont}}", "did you mean 'amount'?"),
            ("{name: m, label: M, type: derived, type_params: {metrics: [revenu]}}", "did you mean 'revenue'?"),
            ("{name: m, label: M, type: simpel, type_params: {measure: amount}}", "did you mean 'simple'?"),
            ("{name: m, agg: sum}", "move it under the model's 'metrics:', or give it 'type_params'"),
            ("{name: revenue, label: M, type_params: {measure: amount}}", "rename one of them"),
        ])
    func errors(_ metric: String, _ hint: String) async throws {
        var files = Self.files
        files["models/more.yml"] = "metrics:\n- \(metric)"
        let project = try TestProject(files)
        let error = await #expect(throws: TransformError.self) { _ = try await project.load() }
        #expect(error?.hint?.hasSuffix(hint) ?? false, "\(String(describing: error))")
        #expect(error?.location?.line != nil)
    }

    @Test("semantic models need a time spine")
    func timeSpine() async throws {
        var files = Self.files
        files["models/schema.yml"] = files["models/schema.yml"]?.replacing("time_spine", with: "meta")
        let project = try TestProject(files)
        let error = await #expect(throws: TransformError.self) { _ = try await project.load() }
        #expect(error?.message.contains("requires a time spine model") ?? false)
    }
}
