import Foundation
import Postgres
import TestSupport

@testable import Serve

/// A site whose project moves orders from one schema of a database to another, and makes a mart of them with dbt.
enum ShopSite {
    /// Starts it on a database of its own, with the source's table filled.
    static func withSite(_ body: (TestSite, TestDatabase) async throws -> Void) async throws {
        try await withTestDatabase { database in
            let connection = try await database.connect()
            _ = try await connection.execute(
                """
                create schema shop; create schema landing;
                create table shop.orders (id int primary key, customer text, amount numeric(12, 2));
                insert into shop.orders values (1, 'Ada', 120.50), (2, 'Grace', 99), (3, 'Ada', 1);
                """)
            await connection.close()
            let site = try await TestSite.start(leatYML: leatYML(database), files: dbtFiles(database))
            do {
                try await body(site, database)
            } catch {
                try await site.stop()
                throw error
            }
            try await site.stop()
        }
    }

    /// The settings of the database as a mapping of YAML in one line.
    static func config(_ database: TestDatabase) -> [(String, String)] {
        [
            ("host", database.options.host), ("port", "\(database.options.port)"),
            ("database", database.options.database), ("username", database.options.user),
            ("password", database.options.password ?? ""),
        ]
    }

    private static func inline(_ pairs: [(String, String)]) -> String {
        "{" + pairs.map { "\($0): \"\($1.replacing("\\", with: "\\\\"))\"" }.joined(separator: ", ") + "}"
    }

    private static func leatYML(_ database: TestDatabase) -> String {
        """
        name: shop
        version: 1
        sources:
          shop: {connector: postgres, config: \(inline(config(database) + [("schemas", "shop")]))}
        destinations:
          warehouse: {connector: postgres, config: \(inline(config(database) + [("schema", "landing")]))}
        connections:
          Orders:
            source: shop
            destination: warehouse
            namespace_definition: custom_format
            namespace_format: landing
            streams: [{name: orders, sync_mode: full_refresh_overwrite}]
        pipelines:
          nightly:
            tasks:
              ingest: {sync: Orders}
              transform: {dbt: {project: dbt}, after: [ingest]}
        """
    }

    private static func dbtFiles(_ database: TestDatabase) -> [String: String] {
        [
            "dbt/dbt_project.yml": "name: shop\nversion: '1.0'\nprofile: shop\nmodel-paths: [models]\n",
            "dbt/profiles.yml": """
            shop:
              target: dev
              outputs:
                dev: {type: postgres, host: "\(database.options.host)", port: \(database.options.port), \
            user: "\(database.options.user)", password: "\((database.options.password ?? "").replacing("\\", with: "\\\\"))", \
            dbname: "\(database.options.database)", schema: marts, threads: 2}
            """,
            "dbt/models/schema.yml": """
            version: 2
            sources:
              - {name: landing, tables: [{name: orders}]}
            models:
              - name: stg_orders
                config: {tags: [staging]}
              - name: revenue
                description: What each <b>customer</b> has paid.
                columns:
                  - {name: customer, description: who, data_tests: [unique, not_null]}
            """,
            "dbt/models/stg_orders.sql": "select * from {{ source('landing', 'orders') }}",
            "dbt/models/revenue.sql":
                "{{ config(materialized='table') }} select customer, sum(amount) as paid from {{ ref('stg_orders') }} group by 1",
        ]
    }
}
