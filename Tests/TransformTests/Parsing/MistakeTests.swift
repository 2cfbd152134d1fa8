import Diagnostics
import Testing

@testable import Transform

/// What users get wrong, and what they are told: what it is, where it is, what to do.
@Suite("Mistakes of users")
struct MistakeTests {
    struct Mistake: CustomTestStringConvertible, Sendable {
        var name: String
        var files: [String: String]
        /// Where the error or warning points.
        var place: String
        /// A part of the message.
        var text: String
        /// A part of the hint.
        var hint: String?
        var testDescription: String { name }
    }

    static let orders = "models/orders.sql"

    static let mistakes: [Mistake] = [
        Mistake(
            name: "a misspelt ref, after blank lines", files: ["models/a.sql": "\n\nselect *\nfrom {{ ref('oders') }}"],
            place: "models/a.sql:4:13", text: "ref('oders'), which does not exist", hint: "'orders'"),
        Mistake(
            name: "a misspelt source",
            files: [
                "models/s.yml": "sources: [{name: raw, tables: [{name: payments}]}]",
                "models/a.sql": "select * from {{ source('raw', 'paymnts') }}",
            ], place: "models/a.sql:1:32", text: "source('raw', 'paymnts')", hint: "'raw.payments'"),
        Mistake(
            name: "a private model of another group",
            files: [
                "models/s.yml":
                    "groups: [{name: sales, owner: {name: x}}]\nmodels: [{name: orders, config: {access: private, group: sales}}]",
                "models/a.sql": "select * from {{ ref('orders') }}",
            ], place: "models/a.sql:1:22", text: "private to the 'sales' group", hint: "put both into one group"),
        Mistake(
            name: "a group that there is not",
            files: [
                "models/s.yml":
                    "groups: [{name: sales, owner: {name: x}}]\nmodels: [{name: orders, config: {group: salse}}]"
            ], place: orders, text: "Invalid group 'salse' of model.shop.orders", hint: "'sales'"),
        Mistake(
            name: "a snapshot without a strategy",
            files: ["snapshots/s.yml": "snapshots:\n  - name: snap\n    relation: ref('orders')\n    config: {unique_key: id}"],
            place: "snapshots/s.yml:2:11", text: "must be configured with a 'strategy' and 'unique_key'", hint: "lacks a strategy"
        ),
        Mistake(
            name: "a snapshot by time without a column",
            files: [
                "snapshots/s.yml":
                    "snapshots:\n  - name: snap\n    relation: ref('orders')\n    config: {unique_key: id, strategy: timestamp}"
            ], place: "snapshots/s.yml:2:11", text: "must specify an updated_at configuration"),
        Mistake(
            name: "a microbatch model without a begin",
            files: [
                "models/a.sql":
                    "{{ config(materialized='incremental', incremental_strategy='microbatch', event_time='at') }} select 1 as id"
            ], place: "models/a.sql", text: "must provide a 'begin'"),
        Mistake(
            name: "a flag that is none", files: ["models/a.sql": "{{ config(enabled='maybe') }} select 1 as id"],
            place: "models/a.sql", text: "'enabled' of 'a' is \"maybe\", and must be true or false"),
        Mistake(
            name: "a docs block that there is not",
            files: [
                "models/s.yml": "models: [{name: orders, description: \"{{ doc('ordrs') }}\"}]",
                "models/d.md": "{% docs orders %}x{% enddocs %}",
            ], place: "models/s.yml", text: "doc('ordrs') names no docs block", hint: "'orders'"),
        Mistake(
            name: "a misspelt host",
            files: [
                "profiles.yml":
                    "shop:\n  target: dev\n  outputs:\n    dev: {type: postgres, hots: x, user: x, dbname: x, schema: x, port: 1}"
            ], place: "profiles.yml:4:5", text: "the target lacks 'host'", hint: "it has 'hots'"),
    ]

    @Test("are errors with a place and a hint", arguments: mistakes)
    func isError(_ mistake: Mistake) async throws {
        let project = try TestProject(mistake.files.merging([Self.orders: "select 1 as id"]) { given, _ in given })
        let error = await #expect(throws: TransformError.self) { try await project.load() }
        #expect(error?.location?.description == mistake.place)
        #expect(error?.message.contains(mistake.text) ?? false, "\(error?.message ?? "")")
        if let hint = mistake.hint { #expect(error?.hint?.contains(hint) ?? false, "\(error?.hint ?? "no hint")") }
    }

    static let misspellings: [Mistake] = [
        Mistake(
            name: "a key of config()", files: [orders: "\n{{ config(\n    materialised='table'\n) }}\nselect 1 as id"],
            place: "models/orders.sql:3:5", text: "config() of 'orders' has an unknown key 'materialised'", hint: "'materialized'"
        ),
        Mistake(
            name: "a key of a schema file's config",
            files: ["models/s.yml": "models:\n  - name: orders\n    config:\n      uniqe_key: id"],
            place: "models/s.yml:4:7", text: "'config' has an unknown key 'uniqe_key'", hint: "'unique_key'"),
        Mistake(
            name: "a key of dbt_project.yml",
            files: ["dbt_project.yml": "name: shop\nprofile: shop\nmodels:\n  shop:\n    +materialised: table"],
            place: "dbt_project.yml:5:5", text: "'models' has an unknown key 'materialised'", hint: "'materialized'"),
        Mistake(
            name: "a key of a column",
            files: ["models/s.yml": "models:\n  - name: orders\n    columns:\n      - name: id\n        data_tets: [unique]"],
            place: "models/s.yml:5:9", text: "a column has an unknown key 'data_tets'", hint: "'data_tests'"),
    ]

    @Test("of spelling are warnings, where dbt says nothing", arguments: misspellings)
    func isWarning(_ mistake: Mistake) async throws {
        let project = try TestProject([Self.orders: "select 1 as id"].merging(mistake.files) { _, given in given })
        let session = try await project.load { $0.warnError = true }
        let warning = try #require(session.manifest.warnings.first { $0.message.contains(mistake.text) })
        #expect(warning.location?.description == mistake.place)
        #expect(warning.hint?.contains(mistake.hint ?? "") ?? false)
    }

    @Test("settings that a project has of its own are none")
    func ownSettings() async throws {
        let project = try TestProject([Self.orders: "{{ config(owner='me', sla_hours=3, partitions=[]) }} select 1 as id"])
        #expect(try await project.load().manifest.warnings.isEmpty)
    }

    @Test("a circle of refs names each file")
    func circle() async throws {
        let project = try TestProject([
            "models/a.sql": "select * from {{ ref('b') }}", "models/b.sql": "select * from {{ ref('a') }}",
        ])
        let session = try await project.load()
        let error = #expect(throws: TransformError.self) { try session.plan(.build) }
        #expect(error?.kind == .cycle)
        #expect(error?.location?.file == "models/a.sql")
        #expect(error?.details == ["model.shop.a is at models/a.sql", "model.shop.b is at models/b.sql"])
    }
}
