import Foundation
import Postgres
import Processes
import TestSupport
import Testing

private enum ArtifactParser {
    /// The folder of the parser's programs; nil where it cannot be installed.
    static let folder = PythonPackages.folder("artifacts")
}

/// What Leat writes, read by a library that has dbt's schemas of its artifacts.
@Suite("dbt's artifacts") struct DbtArtifactTests {
    /// A project with every kind of resource, and results of every kind.
    private static let files = [
        "models/source_rows.sql":
            "{{ config(event_time='at', tags=['t'], meta={'k': {'l': [1, none]}}) }} select * from {{ source('raw', 'rows') }}",
        "models/people_v1.sql": "select 1 as id, 'x' as name",
        "models/people_v2.sql": "{{ config(materialized='table', contract={'enforced': true}) }} select 1 as id, 'x' as name",
        "models/bad.sql": "select 1 / 0 as id from {{ ref('people') }}",
        "models/below.sql": "{{ config(materialized='table') }} select * from {{ ref('bad') }}",
        "models/days.sql": "select date '2024-01-01' as day",
        "models/off.sql": "{{ config(enabled=false) }} select 1 as id",
        "models/s.yml": """
        groups: [{name: finance, owner: {name: Fin}}]
        sources:
          - name: raw
            schema: public
            config: {loaded_at_field: at, freshness: {warn_after: {count: 1, period: hour}, error_after: {count: 1, period: day}}}
            tables: [{name: rows, columns: [{name: id, data_tests: [unique]}]}, {name: missing}]
        models:
          - name: people
            latest_version: 2
            deprecation_date: 2090-01-01
            columns:
              - {name: id, data_type: integer, constraints: [{type: not_null}], data_tests: [not_null]}
              - {name: name, data_type: text, description: "{{ doc('naming') }}",
                 data_tests: [{accepted_values: {arguments: {values: [y]}, config: {severity: warn, store_failures: true}}}]}
            versions: [{v: 1}, {v: 2}]
          - name: days
            time_spine: {standard_granularity_column: day}
            columns: [{name: day, granularity: day}]
        unit_tests:
          - {name: counts, model: source_rows, given: [{input: "source('raw', 'rows')", rows: [{id: 1}]}], expect: {rows: [{id: 1}]}}
        exposures: [{name: board, type: dashboard, owner: {name: Ops}, depends_on: ["ref('people')"]}]
        semantic_models:
          - name: rows
            model: ref('source_rows')
            defaults: {agg_time_dimension: at}
            entities: [{name: id, type: primary}]
            dimensions: [{name: at, type: time, type_params: {time_granularity: day}}]
            measures: [{name: number, agg: count, expr: id}]
        metrics: [{name: total, label: Total, type: simple, type_params: {measure: number}}]
        saved_queries: [{name: daily, query_params: {metrics: [total]}, exports: [{name: out, config: {export_as: table}}]}]
        """,
        "models/docs.md": "{% docs naming %}how it is called{% enddocs %}",
        "seeds/codes.csv": "code\nDE\n",
        "snapshots/kept.yml":
            "snapshots: [{name: kept, relation: ref('codes'), config: {unique_key: code, strategy: check, check_cols: all}}]",
        "functions/half.sql": "select x / 2.0",
        "functions/f.yml": "functions: [{name: half, arguments: [{name: x, data_type: float}], returns: {data_type: float}}]",
        "tests/none.sql": "select * from {{ ref('people') }} where id is null",
        "analyses/look.sql": "select * from {{ ref('people') }}",
        "macros/m.sql": "{% macro m(a, b=1) %}{{ a }}{% endmacro %}",
        "selectors.yml": "selectors: [{name: s, definition: {union: [people, {method: tag, value: t, children: true}]}}]",
        "dbt_project.yml": "name: shop\nprofile: shop\non-run-end: [select 1]\n",
    ]

    @Test(
        "of every command are valid by dbt-artifacts-parser",
        .enabled(if: ArtifactParser.folder != nil, "it cannot be installed: scripts/connectors.sh artifacts says why"))
    func valid() async throws {
        let python = try #require(ArtifactParser.folder) + "/python"
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../scripts/check-artifacts.py")
        try await withTestDatabase { database in
            let connection = try await database.connect()
            try await connection.execute(
                "create table public.rows as select 1 as id, now()::timestamp - interval '2 hours' as at")
            await connection.close()
            let folder = try DbtFolder(Self.files, database: database)
            // What each command leaves in the target folder, and how it ends.
            let commands: [([String], Int32, [String])] = [
                (["build"], 1, ["manifest.json", "run_results.json"]), (["docs", "generate"], 0, ["catalog.json"]),
                (["source", "freshness"], 1, ["sources.json"]), (["run-operation", "m", "--args", "{a: 1}"], 0, []),
                (["compile"], 0, []),
            ]
            for (words, status, names) in commands {
                let ended = try await folder.dbt(words)
                #expect(ended.status == status, "\(words): \(ended.output)\(ended.errors)")
                for name in names { #expect(folder.exists("target/" + name), "\(words)") }
                if words == ["build"] {
                    let results = try folder.results()
                    #expect(results["exposure.shop.board"] == "no-op" && results["saved_query.shop.daily"] == "no-op")
                    #expect(ended.output.contains("NO-OP exposure board"), "\(ended.output)")
                }
                let (ending, output) = try await PythonPackages.run(
                    python, [script.standardizedFileURL.path(percentEncoded: false), folder.url.path + "/target"])
                #expect(ending == .exited(0), "\(words): \(output)")
                for name in names { #expect(output.contains("\(name): dbt-artifacts-parser reads it"), "\(words): \(output)") }
            }
        }
    }
}
