import Documents
import Ingest
import Postgres
import Records
import TestSupport
import Testing

/// What is big enough that a new table takes the place of the old one, and small enough that it is filled anew.
enum TableSize: String, CaseIterable, CustomTestStringConvertible {
    case small, big
    var rows: Int { self == .small ? 500 : 30_000 }
    var publication: String { self == .small ? "refilled" : "swapped" }
    var testDescription: String { rawValue }
    var creation: String {
        "create table t as select i as id, 1 as version, repeat('x', 300) as filler from generate_series(1, \(rows)) i"
    }
}

@Suite("Full refresh: publication")
struct PublicationTests {
    @Test("a reader of the table or of a view sees all old or all new rows, never less", arguments: TableSize.allCases)
    func concurrentReader(size: TableSize) async throws {
        try await withSync(size.creation) { fixture in
            try await fixture.refresh("t")
            try await fixture.warehouse.execute("create view v as select id, version from landing.t")
            let counts = Recorder<String>()
            let readers = ["landing.t", "v", "prepared"].map { target in
                Task {
                    let reader = try await fixture.warehouseDatabase.connect()
                    let query = "select count(*) || ' ' || count(distinct version)"
                    if target == "prepared" { try await reader.execute("prepare q as \(query) from landing.t") }
                    while !Task.isCancelled {
                        let text = target == "prepared" ? "execute q" : "\(query) from \(target)"
                        counts.add(try await reader.execute(text).scalar?.string ?? "nothing")
                    }
                }
            }
            for version in 2...5 {
                try await fixture.source.execute("update t set version = \(version)")
                #expect(try await fixture.refresh("t").publication == size.publication)
                #expect(try await fixture.count("v where version = \(version)") == size.rows)
            }
            for reader in readers {
                reader.cancel()
                do {
                    try await reader.value
                } catch is CancellationError {}
            }
            #expect(counts.all.count > 20)
            #expect(Set(counts.all) == ["\(size.rows) 1"])
        }
    }

    @Test("a transaction that began before still finds rows", arguments: TableSize.allCases)
    func oldSnapshot(size: TableSize) async throws {
        try await withSync(size.creation) { fixture in
            try await fixture.refresh("t")
            try await fixture.warehouse.execute("begin isolation level repeatable read; select 1")
            try await fixture.source.execute("update t set version = 2")
            try await fixture.refresh("t")
            let seen = try await fixture.text("select count(*) || ' ' || min(version) || ' ' || max(version) from landing.t")
            try await fixture.warehouse.execute("commit")
            // Refilled: as of its snapshot. Swapped: the new rows, since the old table is gone.
            #expect(seen == (size == .small ? "500 1 1" : "30000 2 2"))
        }
    }

    @Test("views, views on views, their rights, options and comments live on", arguments: TableSize.allCases)
    func dependents(size: TableSize) async throws {
        try await withSync(size.creation) { fixture in
            try await fixture.refresh("t")
            let role = "reader_\(fixture.warehouseDatabase.name)"
            try await fixture.warehouse.execute(
                """
                create role \(role);
                create view v with (security_barrier = true, check_option = local) as select id, version from landing.t where id > 0;
                create view "Over it" as select max(version) as version from v join landing.t using (id, version);
                comment on view v is 'mine'; grant select on v to \(role);
                grant select, insert on landing.t to \(role) with grant option; grant update (id) on landing.t to \(role);
                comment on table landing.t is 'the table'; comment on column landing.t.id is 'it''s the id'
                """)
            let facts = """
                select (select v::oid || ' ' || relacl::text || ' ' || reloptions::text || ' ' || obj_description(oid)
                  from pg_class, lateral (select 'v'::regclass v) x where oid = 'v'::regclass)
                  || (select relacl::text || obj_description(oid) || col_description(oid, 1) from pg_class where oid = 'landing.t'::regclass)
                  || (select attacl::text from pg_attribute where attrelid = 'landing.t'::regclass and attname = 'id')
                """
            let before = try await fixture.text(facts)
            try await fixture.source.execute("update t set version = 7")
            #expect(try await fixture.refresh("t").publication == size.publication)
            #expect(try await fixture.text("select version from \"Over it\"") == "7")
            #expect(try await fixture.text(facts) == before)
            #expect(before != nil)
            #expect(try await fixture.leftovers().isEmpty)
            try await fixture.warehouse.execute("drop owned by \(role); drop role \(role)")
        }
    }

    @Test("indexes, materialized views and triggers on the table stay")
    func attachments() async throws {
        try await withSync(TableSize.big.creation) { fixture in
            try await fixture.refresh("t")
            try await fixture.warehouse.execute(
                "create unique index mine on landing.t (id); create materialized view m as select * from landing.t")
            try await fixture.source.execute("update t set version = 2")
            #expect(try await fixture.refresh("t").publication == "refilled")
            #expect(try await fixture.count("pg_indexes where indexname = 'mine'") == 1)
            #expect(try await fixture.count("landing.t where version = 2") == TableSize.big.rows)
        }
    }

    @Test("a session that keeps the table in use does not stop the sync")
    func idleReader() async throws {
        try await withSync(TableSize.big.creation) { fixture in
            try await fixture.refresh("t")
            try await fixture.warehouse.execute("begin; select count(*) from landing.t")
            try await fixture.source.execute("update t set version = 2")
            let result = try await fixture.sync(ConfiguredStream(name: "t"), options: SyncOptions(lockWait: .seconds(1)))
            #expect(result.streams[0].publication == "refilled")
            try await fixture.warehouse.execute("commit")
            #expect(try await fixture.count("landing.t where version = 2") == TableSize.big.rows)
        }
    }

    @Test("columns that came, went or changed are so in the table; what views need is not taken from them")
    func changedColumns() async throws {
        try await withSync("create table t as select 1 as id, 'x' as name, 5 as score, 'gone' as old") { fixture in
            try await fixture.refresh("t")
            try await fixture.warehouse.execute("create view v as select id, name from landing.t")
            try await fixture.source.execute(
                "alter table t drop column old; alter table t add column fresh date default '2024-01-01'; alter table t alter score type text"
            )
            #expect(try await fixture.refresh("t").publication == "swapped")
            #expect(try await fixture.text("select name from v") == "x")
            #expect(try await fixture.text("select fresh::text || score from landing.t") == "2024-01-015")

            try await fixture.warehouse.execute("create index on landing.t (id)")
            try await fixture.source.execute("alter table t drop column fresh; alter table t add column later int default 3")
            #expect(try await fixture.refresh("t").publication == "rebuilt")
            #expect(try await fixture.text("select score || later from landing.t") == "53")

            try await fixture.source.execute("alter table t drop column name")
            let error = await #expect(throws: (any Error).self) { try await fixture.refresh("t") }
            #expect(error.map { "\($0)".contains("no longer has name") } == true)
            #expect(error.map { "\($0)".contains("view v depends on column name") } == true)
            #expect(error.map { "\($0)".contains("drop_cascade") } == true)
            #expect(try await fixture.text("select name from v") == "x")

            let definition = fixture.definition([ConfiguredStream(name: "t")], destination: ["drop_cascade": true])
            _ = try await Sync(definition).run()
            #expect(try await fixture.count("landing.t") == 1)
            #expect(try await fixture.text("select to_regclass('v')::text") == nil)
        }
    }

    @Test("a table or view that no sync made is not replaced")
    func foreignTable() async throws {
        try await withSync("create table t as select 1 as id; create table w as select 1 as id") { fixture in
            try await fixture.warehouse.execute(
                "create schema landing; create table landing.t as select 'precious' as value; create view landing.w as select 1 as x"
            )
            for (name, words) in [("t", "was not made by a sync"), ("w", "a view where the table")] {
                let error = await #expect(throws: (any Error).self) { try await fixture.refresh(name) }
                #expect(error.map { "\($0)".contains(words) } == true)
            }
            #expect(try await fixture.text("select value from landing.t") == "precious")
        }
    }
}
