import Connectors
import Documents
import Ingest
import Postgres
import Records
import TestSupport
import Testing

@Suite("Connections: what is wrong with them is said")
struct DefinitionTests {
    @Test("streams, keys and cursors that are not there are named with what was probably meant")
    func planning() async throws {
        try await withSync(
            """
            create table orders (id int, updated_at timestamptz, doc jsonb); create schema other; create table other.orders (id int);
            create table meta (_airbyte_meta int)
            """
        ) { fixture in
            let cases: [(ConfiguredStream, String)] = [
                (ConfiguredStream(name: "ordres"), "has no stream 'ordres'\n  hint: did you mean 'orders'?"),
                (ConfiguredStream(name: "orders", namespace: "publik"), "did you mean 'public.orders'?"),
                (ConfiguredStream(name: "zzzzzzzz"), "hint: it has other.orders"),
                (ConfiguredStream(name: "orders"), "several streams 'orders': other.orders and public.orders"),
                (
                    ConfiguredStream(name: "orders", namespace: "public", syncMode: .incrementalAppend),
                    "needs a cursor_field"
                ),
                (
                    ConfiguredStream(name: "orders", namespace: "public", syncMode: .incrementalAppend, cursorField: "update_at"),
                    "did you mean 'updated_at'?"
                ),
                (
                    ConfiguredStream(name: "orders", namespace: "public", syncMode: .incrementalAppend, cursorField: "doc"),
                    "is jsonb, which does not grow"
                ),
                (
                    ConfiguredStream(name: "orders", namespace: "public", syncMode: .fullRefreshOverwriteDeduped),
                    "needs a primary key, and 'public.orders' has none"
                ),
                (ConfiguredStream(name: "meta"), "has a column '_airbyte_meta'"),
            ]
            for (stream, words) in cases {
                let definition = fixture.definition([stream], schemas: ["public", "other"])
                let error = await #expect(throws: IngestError.self) { try await Sync(definition).run() }
                #expect(error.map { "\($0)".contains(words) } == true)
            }
            let both = ["public", "other"].map { ConfiguredStream(name: "orders", namespace: $0) }
            let error = await #expect(throws: IngestError.self) { try await Sync(fixture.definition(both)).run() }
            #expect(error?.message == "the streams 'public.orders' and 'other.orders' both go to the table landing.orders")
            let twice = [1, 2].map { _ in ConfiguredStream(name: "orders", namespace: "public") }
            let repeated = await #expect(throws: IngestError.self) { try await Sync(fixture.definition(twice)).run() }
            #expect(repeated?.message == "the stream 'public.orders' stands twice in the connection")
        }
    }

    @Test("namespaces go where the connection says")
    func namespaces() async throws {
        try await withSync("create schema crm; create table crm.t as select 1 as id") { fixture in
            for (definition, schema) in [
                (NamespaceDefinition.source, "crm"), (.destination, "landing"),
                (try NamespaceDefinition(name: "custom_format", format: "raw_${SOURCE_NAMESPACE}_x"), "raw_crm_x"),
                (try NamespaceDefinition(name: "custom_format", format: "fixed"), "fixed"),
            ] {
                let connection = fixture.definition(
                    [ConfiguredStream(name: "t")], schemas: ["crm"], namespaceDefinition: definition, prefix: "p_")
                let result = try await Sync(connection).run()
                #expect(result.streams.first?.table == "\(schema).p_t")
                #expect(try await fixture.count("\(schema).p_t") == 1)
            }
        }
        #expect(throws: IngestError.self) { try NamespaceDefinition(name: "custom_format", format: "${SOURCE}") }
        #expect(throws: IngestError.self) { try NamespaceDefinition(name: "custom_format") }
        let error = #expect(throws: IngestError.self) { try NamespaceDefinition(name: "sources") }
        #expect(error?.hint == "did you mean 'source'?")
    }

    @Test("a connection onto its own source is refused")
    func ontoItself() async throws {
        try await withSync("create table t as select 1 as id") { fixture in
            var definition = fixture.definition([ConfiguredStream(name: "t")], namespaceDefinition: .source)
            definition.destination.config = definition.source.config
            if case .object(var members) = definition.destination.config {
                members["schemas"] = nil
                definition.destination.config = .object(members)
            }
            let error = await #expect(throws: IngestError.self) { try await Sync(definition).run() }
            #expect(error?.message.contains("written onto itself") == true)
        }
    }

    @Test("missing rights are said with the grant that helps")
    func rights() async throws {
        try await withSync("create table t as select 1 as id") { fixture in
            let role = "limited_\(fixture.sourceDatabase.name)"
            try await fixture.source.execute(
                "create role \(role) login password 'x'; alter database \(fixture.sourceDatabase.name) owner to current_user")
            var definition = fixture.definition([ConfiguredStream(name: "t")])
            definition.source.config = definition.source.config.merging(["username": .string(role), "password": "x"])
            let source = await #expect(throws: IngestError.self) { try await Sync(definition).run() }
            #expect(source?.message == "source 'source' may not read 'public.t'")
            #expect(source?.hint?.contains("select on public.t") == true)

            definition = fixture.definition([ConfiguredStream(name: "t")])
            definition.destination.config = definition.destination.config.merging(["username": .string(role), "password": "x"])
            let destination = await #expect(throws: ConnectorError.self) { try await Sync(definition).run() }
            #expect(destination?.kind == .permission)
            #expect(destination?.hint?.contains("grant create on database") == true)
            // Where others have synced before, it is the state that cannot be read.
            _ = try await Sync(fixture.definition([ConfiguredStream(name: "t")])).run()
            let state = await #expect(throws: ConnectorError.self) { try await Sync(definition).run() }
            #expect(state?.hint?.contains("grant usage on schema leat_internal to \"\(role)\"") == true, "\(state as Any)")
            try await fixture.source.execute("drop role \(role)")
        }
    }

    @Test("a wrong password is an error of the configuration that does not tell it")
    func password() async throws {
        try await withSync("create table t as select 1 as id") { fixture in
            var definition = fixture.definition([ConfiguredStream(name: "t")])
            definition.source.config = definition.source.config.merging(["password": "not the right 1"])
            let error = await #expect(throws: ConnectorError.self) { try await Sync(definition).run() }
            #expect(error?.kind == .unreachable && error?.failureType == .config)
            #expect(error.map { "\($0)".contains("not the right 1") } == false)
        }
    }

    @Test("discovery lists tables and views with native types and keys")
    func discovery() async throws {
        try await withSync(
            """
            create table orders (a int, b varchar(10), c numeric(12,2)[], primary key (b, a)); create view v as select a from orders;
            create table part (id int) partition by list (id); create table part1 partition of part for values in (1)
            """
        ) { fixture in
            let definition = fixture.definition([])
            let source = try ConnectorRegistry.builtIn.source(
                named: "s", connector: "airbyte/source-postgres:3.6.1", config: definition.source.config)
            try await source.check()
            let catalog = try await source.discover()
            #expect(catalog.streams.map(\.descriptor.description) == ["public.orders", "public.part", "public.v"])
            let orders = try #require(catalog.streams.first)
            #expect(orders.fields.map(\.typeName) == ["integer", "character varying(10)", "numeric(12,2)[]"])
            #expect(orders.fields.map(\.type) == [.integer, .string, .array])
            #expect(orders.primaryKey == ["b", "a"])
            let destination = try ConnectorRegistry.builtIn.destination(
                named: "d", connector: "destination-postgres", config: definition.destination.config)
            try await destination.check()
        }
    }
}
