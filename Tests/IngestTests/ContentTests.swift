import Ingest
import Postgres
import Records
import TestSupport
import Testing

@Suite("Full refresh: content")
struct ContentTests {
    @Test("every value of every built-in type arrives as it was")
    func types() async throws {
        try await withSync(
            """
            create type mood as enum ('sad', 'happy "quoted"'); create type pair as (a int, b text);
            create domain posint as int check (value > 0); create domain tiny as posint;
            create table t (id int primary key, c_small smallint, c_big bigint, c_num numeric, c_num2 numeric(38,10), c_real real,
              c_double double precision, c_money money, c_text text, c_varchar varchar(40), c_char char(10), c_name name,
              c_bytea bytea, c_bool boolean, c_uuid uuid, c_date date, c_time time(3), c_timetz timetz, c_ts timestamp,
              c_tstz timestamptz(0), c_interval interval, c_json json, c_jsonb jsonb, c_ints int[], c_texts text[],
              c_nums numeric[], c_mood mood, c_moods mood[], c_pair pair, c_domain tiny, c_domains posint[], c_inet inet,
              c_cidr cidr, c_mac macaddr, c_bit bit(4), c_varbit varbit, c_range int4range, c_tsrange tstzrange,
              c_multi int4multirange, c_point point, c_box box, c_poly polygon, c_tsv tsvector, c_tsq tsquery, c_xml xml,
              c_oid oid, c_class regclass, c_lsn pg_lsn, c_charq "char", c_path jsonpath);
            insert into t (id) values (1), (2), (3), (4);
            update t set c_small = -32768, c_big = -9223372036854775808,
              c_num = '12345678901234567890123456789012345678.123456789012345678901234567890', c_num2 = 'NaN',
              c_real = '3.4028235e38', c_double = '0.1', c_money = '-92233720368547758.08',
              c_text = E'tab\\tnl\\ncr\\rbs\\\\ quote" apos'' \\u00e9 \\U0001F600', c_varchar = '  padded  ', c_char = 'abc',
              c_name = 'nm', c_bytea = '\\x00ff0a0d5c27', c_bool = true, c_uuid = '00000000-0000-0000-0000-000000000001',
              c_date = '2024-02-29', c_time = '24:00:00', c_timetz = '12:34:56.789+05:30', c_ts = 'infinity',
              c_tstz = '2024-02-29 23:59:59+00', c_interval = '1 year 2 mons 3 days 04:05:06.789',
              c_json = '{"b": 1, "a": [1, 2.50, null], "b": 2}', c_jsonb = '{"n": 12345678901234567890.123456789}',
              c_ints = '[0:2]={1,NULL,-3}', c_texts = '{{"a,b","q\\"q"},{NULL,"NULL"}}', c_nums = '{1.10,NaN}',
              c_mood = 'happy "quoted"', c_moods = '{sad,NULL}', c_pair = row(1, 'x,"y'), c_domain = 7, c_domains = '{1,NULL}',
              c_inet = '192.168.1.5/24', c_cidr = '2001:db8::/32', c_mac = '08:00:2b:01:02:03', c_bit = '1010',
              c_varbit = '10101', c_range = '[1,10)', c_tsrange = '["2024-01-01 00:00+00",infinity)',
              c_multi = '{[1,3),[5,8)}', c_point = '(1.5,-2)', c_box = '((0,0),(1,1))', c_poly = '((0,0),(1,1),(2,0))',
              c_tsv = 'a:1A fat:2', c_tsq = 'fat & rat', c_xml = '<a b="c">d</a>', c_oid = 4294967295,
              c_class = 'pg_class', c_lsn = '16/B374D848', c_charq = 'x', c_path = '$.a' where id = 1;
            update t set c_num = 'NaN', c_real = 'NaN', c_double = '-Infinity', c_text = '', c_varchar = '', c_char = '',
              c_bytea = '\\x', c_bool = false, c_date = 'infinity', c_ts = '0044-03-15 12:00:00 BC', c_tstz = '-infinity',
              c_interval = '-178000000 years', c_json = 'null', c_jsonb = 'null', c_ints = '{}', c_texts = '{}',
              c_pair = row(null, null), c_range = '(,)', c_tsrange = 'empty' where id = 2;
            update t set c_num = 'Infinity', c_double = '5e-324', c_date = '0044-03-15 BC', c_ts = '294276-12-31 23:59:59.999999',
              c_tstz = '294276-12-31 23:59:59+00', c_text = E'\\u2028 ,,, \\u202e', c_jsonb = '[1, 1.0, 1e400]' where id = 3;
            """
        ) { fixture in
            let result = try await fixture.refresh("t")
            #expect(result.rowsRead == 4 && result.rowsCommitted == 4)
            let expected = try await fixture.content(of: "public.t", on: fixture.source)
            #expect(try await fixture.content(of: "landing.t", on: fixture.warehouse) == expected)
            // What keeps its type needs no note; what does not says so.
            let noted = Set(result.notes.compactMap { $0.split(separator: ":").first.map(String.init) })
            #expect(noted == ["c_mood", "c_moods", "c_pair", "c_class"])
            let types = try await fixture.warehouse.execute(
                "select attname, format_type(atttypid, atttypmod) from pg_attribute where attrelid = 'landing.t'::regclass and attnum > 0"
            )
            let named = Dictionary(uniqueKeysWithValues: types.map { ($0[0].string ?? "", $0[1].string ?? "") })
            #expect(named["c_num2"] == "numeric(38,10)")
            #expect(named["c_varchar"] == "character varying(40)")
            #expect(named["c_tstz"] == "timestamp(0) with time zone")
            #expect(named["c_domain"] == "integer")
            #expect(named["c_domains"] == "integer[]")
            #expect(named["c_moods"] == "text[]")
            #expect(named["c_multi"] == "int4multirange")
        }
    }

    @Test("the meta columns stand after the data, and every row has an id of its own")
    func metaColumns() async throws {
        try await withSync("create table t as select i as id from generate_series(1, 3000) i") { fixture in
            try await fixture.refresh("t")
            let columns = try await fixture.text(
                "select string_agg(attname || ' ' || format_type(atttypid, atttypmod), ',' order by attnum) from pg_attribute where attrelid = 'landing.t'::regclass and attnum > 0"
            )
            #expect(
                columns
                    == "id integer,_airbyte_raw_id character varying,_airbyte_extracted_at timestamp with time zone,_airbyte_meta jsonb,_airbyte_generation_id bigint"
            )
            #expect(try await fixture.count("(select distinct _airbyte_raw_id::uuid from landing.t) ids") == 3000)
            #expect(
                try await fixture.count(
                    "landing.t where _airbyte_raw_id !~ '^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$'")
                    == 0)
            #expect(try await fixture.count("landing.t where abs(extract(epoch from now() - _airbyte_extracted_at)) > 600") == 0)
            #expect(
                try await fixture.count(
                    "landing.t where _airbyte_meta = '{\"sync_id\": 1, \"changes\": []}' and _airbyte_generation_id = 1") == 3000)
        }
    }

    @Test("reserved words are names like others, of tables, columns, keys and cursors", arguments: SyncMode.allCases)
    func reserved(mode: SyncMode) async throws {
        try await withSync(
            """
            create schema "table"; create table "table"."user" ("order" int primary key, "select" timestamptz, "null" text);
            insert into "table"."user" values (1, '2024-01-01', 'a'), (2, '2024-01-01', 'b')
            """
        ) { fixture in
            let definition = fixture.definition(
                [ConfiguredStream(name: "user", namespace: "table", syncMode: mode, cursorField: "select")], schemas: ["table"],
                namespaceDefinition: .source)
            for _ in 1...2 { _ = try await Sync(definition).run() }
            #expect(try await fixture.count("\"table\".\"user\"") == (mode == .fullRefreshAppend ? 4 : 2))
            #expect(try await Sync(definition).verify().isEqual)
        }
    }

    @Test("names with quotes, spaces, capitals, 63 bytes and other alphabets stay")
    func names() async throws {
        let long = String(repeating: "é", count: 31) + "x"
        try await withSync(
            #"""
            create schema "Weird ""one""#";
            create table "Weird ""one""#"."Täble 'x'; drop table y" ("select" int, "a""b" text, "CamelCase" int, "\#(long)" text);
            insert into "Weird ""one""#"."Täble 'x'; drop table y" values (1, 'x', 2, 'y');
            create table "\#(long)" (id int); insert into "\#(long)" values (1);
            """#
        ) { fixture in
            let name = "Täble 'x'; drop table y"
            let definition = fixture.definition(
                [ConfiguredStream(name: name, namespace: "Weird \"one\"#"), ConfiguredStream(name: long)],
                schemas: ["public", "Weird \"one\"#"], namespaceDefinition: .source)
            let result = try await Sync(definition).run()
            #expect(result.rowsCommitted == 2)
            let table = quoteIdentifier(schema: "Weird \"one\"#", name)
            let expected = try await fixture.content(of: table, on: fixture.source)
            #expect(try await fixture.content(of: table, on: fixture.warehouse) == expected)
            #expect(try await fixture.count("public.\(quoteIdentifier(long))") == 1)

            // With a prefix the name is too long: it is cut, and says by what it ends which it was.
            let prefixed = try await Sync(
                fixture.definition([ConfiguredStream(name: long)], namespaceDefinition: .destination, prefix: "raw_")
            ).run()
            let cut = String((prefixed.streams.first?.table ?? "").dropFirst("landing.".count))
            #expect(cut.utf8.count <= 63 && cut.hasPrefix("raw_é"))
            #expect(try await fixture.count("landing.\(quoteIdentifier(cut))") == 1)
        }
    }

    @Test("an empty table, a table of 1,600 bytes wide rows and one without a key arrive")
    func shapes() async throws {
        try await withSync(
            """
            create table empty (id int, name text);
            create table wide (\((1...1590).map { "c\($0) int" }.joined(separator: ", ")));
            insert into wide (c1, c1590) values (1, 2), (1, 2);
            """
        ) { fixture in
            let result = try await fixture.sync(ConfiguredStream(name: "empty"), ConfiguredStream(name: "wide"))
            #expect(result.streams.map(\.rowsCommitted) == [0, 2])
            #expect(try await fixture.count("landing.empty") == 0)
            #expect(try await fixture.count("landing.wide where c1590 = 2 and c2 is null") == 2)
        }
    }

    @Test("views, partitioned tables, parents with children and generated columns are read whole")
    func kinds() async throws {
        try await withSync(
            """
            create table base (id int, twice int generated always as (id * 2) stored); insert into base values (1), (2);
            create view v as select id, twice from base; create materialized view m as select * from base;
            create table p (id int) partition by range (id);
            create table p1 partition of p for values from (0) to (10); create table p2 partition of p for values from (10) to (20);
            insert into p values (1), (11);
            create table parent (id int); create table child (extra text) inherits (parent);
            insert into parent values (1); insert into child values (2, 'x');
            """
        ) { fixture in
            let names = ["base", "v", "m", "p", "parent"]
            let result = try await Sync(fixture.definition(names.map { ConfiguredStream(name: $0) })).run()
            #expect(result.streams.map(\.rowsCommitted) == [2, 2, 2, 2, 2])
            #expect(try await fixture.text("select string_agg(twice::text, ',' order by id) from landing.base") == "2,4")
        }
    }

    @Test("settings of the role that read differently change nothing")
    func roleSettings() async throws {
        try await withSync("create table t as select 0.1::float8 + 0.2 as d, timestamptz '2024-03-01 10:00+02' as at") {
            fixture in
            for (connection, database) in [
                (fixture.source, fixture.sourceDatabase), (fixture.warehouse, fixture.warehouseDatabase),
            ] {
                try await connection.execute(
                    """
                    alter database \(database.name) set datestyle = 'SQL, DMY'; alter database \(database.name) set timezone = 'Asia/Tokyo';
                    alter database \(database.name) set extra_float_digits = -5; alter database \(database.name) set statement_timeout = 2000;
                    alter database \(database.name) set default_transaction_read_only = off
                    """)
            }
            try await fixture.refresh("t")
            #expect(
                try await fixture.content(of: "landing.t", on: fixture.warehouse)
                    == fixture.content(of: "public.t", on: fixture.source))
        }
    }

    @Test("200,000 rows arrive once each, while others change the source")
    func large() async throws {
        try await withSync(
            """
            create table t as select i as id, md5(i::text) as a, repeat(md5(i::text), 3) as b from generate_series(1, 200000) i
            """
        ) { fixture in
            let writer = Task {
                var round = 0
                while !Task.isCancelled {
                    round += 1
                    try await fixture.source.execute(
                        "begin; insert into t values (1000000 + \(round), 'new', 'new'); delete from t where id = \(round); commit"
                    )
                }
            }
            let result = try await fixture.refresh("t")
            writer.cancel()
            _ = try? await writer.value
            #expect(result.rowsCommitted == 200_000 && result.rowsRead == 200_000)
            let sums = try await fixture.warehouse.execute(
                "select count(*), count(distinct id), bool_and(a = 'new' or a = md5(id::text)) from landing.t")
            #expect(sums[0][0].int == 200_000 && sums[0][1].int == 200_000 && sums[0][2].bool == true)
            // 27 MB went through.
            #expect(result.bytes > 25_000_000)
        }
    }
}
