import Documents
import Ingest
import Postgres
import Records
import Testing

@Suite("Verify")
struct VerifyTests {
    /// One value, and what it may be mistaken for, of every type.
    static let values: [(type: String, value: String, other: String)] = [
        ("smallint", "1", "2"), ("integer", "-2147483648", "null"), ("bigint", "9223372036854775807", "9223372036854775806"),
        ("numeric", "1.10", "1.1"), ("numeric", "'NaN'", "null"), ("numeric", "'Infinity'", "'NaN'"),
        ("numeric(38,10)", "0.0000000001", "0"), ("real", "0.1", "0.10000001"), ("double precision", "'NaN'", "'Infinity'"),
        ("double precision", "0.1", "0.10000000000000002"), ("double precision", "0", "'-0'"), ("money", "1.00", "1.01"),
        ("text", "''", "null"), ("text", "'a'", "'a '"), ("text", "'null'", "null"), ("text", "E'\\u00e9'", "E'e\\u0301'"),
        ("varchar(40)", "'x'", "'X'"), ("char(10)", "'abc'", "'abd'"), ("name", "'n'", "'m'"),
        ("bytea", "'\\x'", "null"), ("bytea", "'\\x00ff'", "'\\x00fe'"), ("boolean", "true", "null"),
        ("uuid", "'00000000-0000-0000-0000-000000000001'", "'00000000-0000-0000-0000-000000000002'"),
        ("date", "'0044-03-15 BC'", "'0044-03-15'"), ("date", "'infinity'", "'-infinity'"), ("time", "'24:00'", "'00:00'"),
        ("timetz", "'12:00+01'", "'11:00+00'"), ("timestamp", "'2024-01-01 00:00:00.000001'", "'2024-01-01'"),
        ("timestamptz", "'294276-12-31 23:59:59.999999+00'", "'infinity'"), ("interval", "'1 mon'", "'30 days'"),
        ("json", "'{\"a\": 1}'", "'{\"a\":1}'"), ("jsonb", "'null'", "null"), ("jsonb", "'[1.0]'", "'[1]'"),
        ("integer[]", "'{}'", "null"), ("integer[]", "'[0:1]={1,2}'", "'{1,2}'"), ("text[]", "'{NULL}'", "'{\"NULL\"}'"),
        ("text[]", "'{\"\"}'", "'{}'"), ("numeric[]", "'{NaN}'", "'{NULL}'"), ("jsonb[]", "array['null'::jsonb]", "'{NULL}'"),
        ("inet", "'10.0.0.1/24'", "'10.0.0.1'"), ("cidr", "'10.0.0.0/8'", "'10.0.0.0/9'"),
        ("macaddr", "'08:00:2b:01:02:03'", "'08:00:2b:01:02:04'"), ("bit(4)", "B'1010'", "B'1011'"),
        ("varbit", "B'10'", "B'010'"),
        ("int4range", "'[1,3)'", "'[1,4)'"), ("numrange", "'(1,2]'", "'[1,2]'"), ("tstzrange", "'empty'", "'(,)'"),
        ("int4multirange", "'{[1,2),[5,6)}'", "'{[1,2)}'"), ("point", "'(1,2)'", "'(2,1)'"),
        ("polygon", "'((0,0),(1,1),(2,0))'", "'((0,0),(2,0),(1,1))'"), ("tsvector", "'a:1A'", "'a:1'"),
        ("tsquery", "'a & b'", "'a | b'"), ("xml", "'<a/>'", "'<a></a>'"), ("oid", "4294967295", "0"),
        ("pg_lsn", "'16/B374D848'", "'16/B374D849'"), ("mood", "'happy'", "'sad'"), ("mood[]", "'{sad}'", "'{sad,NULL}'"),
        ("pair", "row(1, '')", "row(1, null)"), ("posint", "7", "8"), ("hstore", "'a=>NULL'", "'a=>\"\"'"),
    ]

    @Test("every type: what was synced is equal, and one value that is not the same is found, with its row and column")
    func types() async throws {
        let columns = Self.values.enumerated().map { "c\($0) \($1.type)" }.joined(separator: ", ")
        let row = Self.values.map { $0.value }.joined(separator: ", ")
        try await withSync(
            """
            create extension hstore; create type mood as enum ('sad', 'happy'); create type pair as (a int, b text);
            create domain posint as int check (value > 0);
            create table t (id int primary key, \(columns));
            insert into t values (1, \(row)), (2, \(row)); insert into t values (3)
            """
        ) { fixture in
            try await fixture.refresh("t")
            let stream = ConfiguredStream(name: "t")
            let equal = try await fixture.verify(stream)
            #expect(equal.isEqual, "\(equal)")
            #expect(equal.sourceRows == 3 && equal.destinationRows == 3 && equal.columns == Self.values.count + 1)
            for (index, value) in Self.values.enumerated() {
                let column = "c\(index)"
                let type = try await fixture.text(
                    "select format_type(atttypid, atttypmod) from pg_attribute where attrelid = 'landing.t'::regclass and attname = '\(column)'"
                )
                // Types of the source's own are text in the warehouse; the cast happens in the source.
                let cast = type == "text" || type == "text[]" ? "(\(value.other))::\(value.type)" : value.other
                let other = try await fixture.sourceText("select (\(cast))::\(value.type)::text")
                let was = try await fixture.text("select \(column)::text from landing.t where id = 2")
                try await fixture.set(column, to: other, type: type ?? "text")
                let found = try await fixture.verify(stream)
                #expect(found.differenceCount == 1, "\(value)")
                #expect(found.differingColumns == [column], "\(value)")
                #expect(found.differences.first?.kind == .changed)
                #expect(found.differences.first?.identity == [.init(column: "id", text: "2")])
                #expect(found.differences.first?.changes == [.init(column: column, source: was, destination: other)], "\(value)")
                try await fixture.set(column, to: was, type: type ?? "text")
            }
            #expect(try await fixture.verify(stream).isEqual)
        }
    }

    @Test("a connection that asks for it is compared after each sync; what was bent on the way fails it, and no value is told")
    func afterSync() async throws {
        try await withSync("create table t as select i as id, 'value ' || i as v from generate_series(1, 300) i") { fixture in
            var definition = fixture.definition([ConfiguredStream(name: "t")])
            definition.verification = VerifyOptions()
            let whole = try await Sync(definition).run()
            #expect(whole.verification?.isEqual == true && whole.json["verification"]?[0]?["rows"] == 300)
            definition.verification = VerifyOptions(sample: 50)
            let sampled = try await Sync(definition).run()
            #expect(sampled.verification?.streams[0].isSampled == true && sampled.json["verification"]?[0]?["equal"] == true)

            try await fixture.warehouse.execute(
                """
                create function bend() returns trigger language plpgsql as $$ begin new.v := 'bent'; return new; end $$;
                create trigger bend before insert on landing.t for each row when (new.id % 100 = 0) execute function bend()
                """)
            definition.verification = VerifyOptions()
            let error = await #expect(throws: IngestError.self) { try await Sync(definition).run() }
            #expect(error?.kind == .differs && error?.details == ["public.t: 6 rows differ in v"], "\(error as Any)")
            #expect(error.map { !"\($0)".contains("bent") && !"\($0)".contains("value 100") } == true)
            definition.verification = nil
            #expect(try await Sync(definition).run().verification == nil)
        }
    }

    @Test("rows that are missing, unexpected, changed or doubled are found and counted, among many")
    func rows() async throws {
        try await withSync(
            "create table t as select i as id, 'row ' || i as v, i % 7 as n from generate_series(1, 30000) i; alter table t add primary key (id)"
        ) { fixture in
            try await fixture.refresh("t")
            let stream = ConfiguredStream(name: "t")
            #expect(try await fixture.verify(stream).isEqual)
            try await fixture.warehouse.execute(
                """
                delete from landing.t where id = 17;
                update landing.t set v = 'other' where id = 4711;
                insert into landing.t select * from landing.t where id = 9999;
                insert into landing.t (id, v, _airbyte_raw_id, _airbyte_extracted_at, _airbyte_meta, _airbyte_generation_id)
                  values (40000, 'new', '', now(), '{}', 1)
                """)
            let found = try await fixture.verify(stream)
            #expect(found.differenceCount == 4)
            let kinds = Dictionary(uniqueKeysWithValues: found.differences.map { ($0.kind, $0.identity.first?.text) })
            #expect(kinds == [.missing: "17", .changed: "4711", .doubled: "9999", .unexpected: "40000"])
        }
    }

    @Test("values that changed places between rows or columns are noticed")
    func swappedValues() async throws {
        try await withSync(
            "create table t (id int primary key, a text, b text); insert into t values (1, 'x', 'y'), (2, 'p', 'q')"
        ) { fixture in
            try await fixture.refresh("t")
            let stream = ConfiguredStream(name: "t")
            try await fixture.warehouse.execute("update landing.t set a = case id when 1 then 'p' else 'x' end")
            #expect(try await fixture.verify(stream).differenceCount == 2)
            try await fixture.warehouse.execute("update landing.t set a = b, b = a")
            #expect(try await fixture.verify(stream).differenceCount == 2)
        }
    }

    @Test("without a key, rows are compared as often as they are there")
    func withoutKey() async throws {
        try await withSync(
            "create table t (a int, b text); insert into t values (1, 'x'), (1, 'x'), (2, null), (3, ''), (null, null)"
        ) { fixture in
            try await fixture.refresh("t")
            let stream = ConfiguredStream(name: "t")
            #expect(try await fixture.verify(stream).isEqual)
            try await fixture.warehouse.execute(
                "delete from landing.t where ctid = (select ctid from landing.t where a = 1 limit 1)")
            let fewer = try await fixture.verify(stream)
            #expect(fewer.differences.map(\.kind) == [.missing])
            #expect(fewer.differences.first?.identity == [.init(column: "a", text: "1"), .init(column: "b", text: "x")])
            try await fixture.warehouse.execute(
                "insert into landing.t select * from landing.t where a = 1; update landing.t set b = '' where a = 2")
            #expect(Set(try await fixture.verify(stream).differences.map(\.kind)) == [.missing, .unexpected])
        }
    }

    @Test("a sample looks at about as many rows as it was asked for, the same on both sides")
    func sample() async throws {
        try await withSync(
            "create table t as select i as id from generate_series(1, 20000) i; create table k (id int primary key); insert into k select * from t"
        ) { fixture in
            for name in ["t", "k"] {
                try await fixture.refresh(name)
                let found = try await fixture.verify(ConfiguredStream(name: name), VerifyOptions(sample: 2000))
                #expect(found.isEqual && found.isSampled)
                #expect((1500...2500).contains(found.sourceRows), "\(found.sourceRows)")
            }
        }
    }

    @Test("incremental modes are held to every row up to the cursor; later, older and deleted rows are no difference")
    func incremental() async throws {
        for mode in [SyncMode.incrementalAppend, .incrementalAppendDeduped] {
            try await withSync(
                "create table t (id int primary key, at int, v text); insert into t select i, i, 'v' from generate_series(1, 100) i"
            ) { fixture in
                let stream = ConfiguredStream(name: "t", syncMode: mode, cursorField: "at")
                #expect(try await fixture.verify(stream).problem != nil)
                try await fixture.sync(stream)
                try await fixture.source.execute(
                    "update t set at = 200, v = 'w' where id <= 10; delete from t where id = 20; insert into t values (101, 300, 'x')"
                )
                #expect(try await fixture.verify(stream).isEqual)
                try await fixture.sync(stream)
                let after = try await fixture.verify(stream)
                #expect(after.isEqual, "\(after)")
                #expect(after.sourceRows == 100)

                try await fixture.source.execute(
                    "insert into t values (1000, 50, 'late'); update t set v = 'silent' where id = 30")
                let late = try await fixture.verify(stream)
                let expected: Set<RowDifference.Kind> = mode == .incrementalAppend ? [.missing] : [.missing, .changed]
                #expect(late.differenceCount == 2 && Set(late.differences.map(\.kind)) == expected, "\(late)")
                try await fixture.source.execute("delete from t where id in (30, 1000)")
                try await fixture.warehouse.execute("insert into landing.t select * from landing.t where id = 40")
                #expect(try await fixture.verify(stream).differences.map(\.kind) == [.doubled])
            }
        }
    }

    @Test("appending and deduplicating refreshes are held to the last sync and to the latest row per key")
    func otherModes() async throws {
        try await withSync("create table t (id int, at int, v text); insert into t values (1, 1, 'a'), (1, 2, 'b'), (2, 1, 'c')")
        {
            fixture in
            let append = ConfiguredStream(name: "t", syncMode: .fullRefreshAppend)
            try await fixture.sync(append)
            try await fixture.source.execute("update t set v = 'd' where id = 2")
            #expect(try await fixture.verify(append).differenceCount == 2)
            try await fixture.sync(append)
            let found = try await fixture.verify(append)
            #expect(found.isEqual && found.destinationRows == 3)
        }
        try await withSync("create table t (id int, at int, v text); insert into t values (1, 1, 'a'), (1, 2, 'b'), (2, 1, 'c')")
        {
            fixture in
            let deduped = ConfiguredStream(
                name: "t", syncMode: .fullRefreshOverwriteDeduped, cursorField: "at", primaryKey: ["id"])
            try await fixture.sync(deduped)
            let found = try await fixture.verify(deduped)
            #expect(found.isEqual && found.sourceRows == 2 && found.destinationRows == 2)
        }
    }

    @Test("a column that the table lacks is a difference, and the others are compared")
    func missingColumn() async throws {
        try await withSync("create table t (id int primary key, v int); insert into t values (1, 1)") { fixture in
            try await fixture.refresh("t")
            try await fixture.source.execute("alter table t add w int default 5")
            let found = try await fixture.verify(ConfiguredStream(name: "t"))
            #expect(!found.isEqual && found.missingColumns == ["w"] && found.differenceCount == 0 && found.columns == 2)
        }
    }
}

extension SyncFixture {
    func verify(_ stream: ConfiguredStream, _ options: VerifyOptions = VerifyOptions()) async throws -> StreamVerification {
        let verification = try await Sync(definition([stream])).verify(options)
        return try #require(verification.streams.first)
    }

    func sourceText(_ sql: String) async throws -> String? { try await source.execute(sql).scalar?.string }

    func set(_ column: String, to text: String?, type: String) async throws {
        let value = text.map { "\(quoteLiteral($0))::\(type)" } ?? "null"
        try await warehouse.execute("update landing.t set \(column) = \(value) where id = 2")
    }
}

extension VerifyTests {
    @Test("hundreds of thousands of rows are told apart")
    func manyRows() async throws {
        try await withSync("create table t as select i as v from generate_series(1, 150000) i") { fixture in
            let stream = ConfiguredStream(name: "t", syncMode: .incrementalAppend, cursorField: "v")
            try await fixture.sync(stream)
            try await fixture.source.execute("update t set v = v + 150000")
            try await fixture.sync(stream)
            let verification = try await Sync(fixture.definition([stream])).verify()
            #expect(verification.isEqual)
            #expect(verification.streams[0].destinationRows == 300_000)
        }
    }
}
