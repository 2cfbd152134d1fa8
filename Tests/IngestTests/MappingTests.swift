import Connectors
import Documents
import Foundation
import Ingest
import Postgres
import Records
import TestSupport
import Testing

@Suite("Mappings")
struct MappingTests {
    private static let key = String(repeating: "0123456789abcdef", count: 4)

    /// What `openssl` makes of the hexadecimal digits of a vector and a text.
    private func decrypted(_ hex: String, _ cipher: String, key: String = key, vector: Int = 32) throws -> String {
        try withTemporaryFile(hex.dropFirst(vector)) { file in
            var words = ["openssl", "enc", "-d", "-\(cipher)", "-K", key, "-in", file]
            if vector > 0 { words += ["-iv", String(hex.prefix(vector))] }
            if cipher.hasSuffix("ofb") || cipher.hasSuffix("ctr") || cipher.hasSuffix("cfb") { words.append("-nopad") }
            return try TestCommand.run(words)
        }
    }

    private func withTemporaryFile<T>(_ hex: Substring, _ body: (String) throws -> T) throws -> T {
        let file = FileManager.default.temporaryDirectory.appending(path: "leat-mapping-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        let digits = hex.compactMap(\.hexDigitValue)
        let bytes = stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
        try Data(bytes).write(to: file)
        return try body(file.path)
    }

    private func stream(_ mappings: StreamMapping..., mode: SyncMode = .fullRefreshOverwrite, cursor: String? = nil)
        -> ConfiguredStream
    {
        ConfiguredStream(name: "t", syncMode: mode, cursorField: cursor, mappings: mappings)
    }

    @Test(
        "what is encrypted with AES is what openssl decrypts, whatever the type; null stays null, and equal values are equal",
        arguments: [
            ("CBC", "aes-256-cbc"), ("CFB", "aes-256-cfb"), ("OFB", "aes-256-ofb"), ("CTR", "aes-256-ctr"),
            ("ECB", "aes-256-ecb"),
        ])
    func aes(mode: String, cipher: String) async throws {
        try await withSync(
            """
            create table t (id int primary key, email text, amount numeric(10,2));
            insert into t values (1, 'ada@example.com', 12.50), (2, null, 0), (3, 'ada@example.com', null), (4, '', 1),
              (5, repeat('grüße ', 50), 2)
            """
        ) { fixture in
            let encryption = try Encryption(algorithm: "AES", key: Self.key, mode: mode)
            try await fixture.sync(
                stream(
                    .encrypt(field: "email", encryption), .encrypt(field: "amount", encryption),
                    .rename(field: "email", to: "secret")))
            let rows = try await fixture.warehouse.execute("select secret, amount from landing.t order by id")
            let texts = rows.map { $0[0].string }
            #expect(texts[1] == nil && texts[0] == texts[2])
            for (index, plain) in [(0, "ada@example.com"), (3, ""), (4, String(repeating: "grüße ", count: 50))] {
                let text = try decrypted(texts[index] ?? "", cipher, vector: mode == "ECB" ? 0 : 32)
                #expect(text == plain.trimmingCharacters(in: .whitespaces))
            }
            #expect(try decrypted(rows[0][1].string ?? "", cipher, vector: mode == "ECB" ? 0 : 32) == "12.50")
            #expect(try await fixture.text("select string_agg(distinct _airbyte_meta ->> 'changes', ',') from landing.t") == "[]")
        }
    }

    /// Python's own `ctypes` calls OpenSSL, whose command line has no GCM: the vector of 12 bytes comes first, the tag of 16 last.
    private static let openGCM = """
        import ctypes, ctypes.util, sys
        ssl = None
        for name in ["libcrypto.so.3", "libcrypto.so.1.1", ctypes.util.find_library("crypto")]:
            try:
                ssl = ctypes.CDLL(name)
                break
            except (OSError, TypeError):
                pass
        for name in ["EVP_CIPHER_CTX_new"] + ["EVP_aes_%d_gcm" % bits for bits in (128, 192, 256)]:
            getattr(ssl, name).restype = ctypes.c_void_p
        key, data = map(bytes.fromhex, sys.argv[1:])
        vector, text, tag = data[:12], data[12:-16], data[-16:]
        context = ctypes.c_void_p(ssl.EVP_CIPHER_CTX_new())
        cipher = ctypes.c_void_p(getattr(ssl, "EVP_aes_%d_gcm" % (8 * len(key)))())
        plain, count = ctypes.create_string_buffer(len(text) + 16), ctypes.c_int()
        assert ssl.EVP_DecryptInit_ex(context, cipher, None, key, vector) == 1
        assert ssl.EVP_DecryptUpdate(context, plain, ctypes.byref(count), text, len(text)) == 1
        assert ssl.EVP_CIPHER_CTX_ctrl(context, 0x11, 16, tag) == 1
        assert ssl.EVP_DecryptFinal_ex(context, plain, ctypes.byref(ctypes.c_int())) == 1, "the tag does not fit"
        sys.stdout.buffer.write(plain.raw[:count.value])
        """

    @Test(
        "what is encrypted with AES in GCM is what OpenSSL decrypts, and its tag fits, with keys of every size",
        arguments: [16, 24, 32])
    func gcm(bytes: Int) async throws {
        let key = String(Self.key.prefix(2 * bytes))
        try await withSync(
            "create table t as select 1 as id, 'ada@example.com' as mail, repeat('grüße ', 50) || '.' as note, ''::text as none"
        ) { fixture in
            let encryption = try Encryption(algorithm: "AES", key: key, mode: "GCM")
            try await fixture.sync(
                stream(
                    .encrypt(field: "mail", encryption), .encrypt(field: "note", encryption), .encrypt(field: "none", encryption)
                ))
            let row = try #require(try await fixture.warehouse.execute("select mail, note, none from landing.t").first)
            let wanted = ["ada@example.com", String(repeating: "grüße ", count: 50) + ".", ""]
            for (index, plain) in wanted.enumerated() {
                let hex = try #require(row[index].string)
                #expect(hex.count == 2 * (12 + plain.utf8.count + 16))
                #expect(try TestCommand.run("python3", "-c", Self.openGCM, key, hex) == plain)
                // Another text under the same tag is noticed.
                let other = (hex.hasPrefix("0") ? "1" : "0") + hex.dropFirst()
                #expect(throws: (any Error).self) { try TestCommand.run("python3", "-c", Self.openGCM, key, other) }
            }
        }
    }

    @Test("RSA takes a public key as Airbyte or openssl writes it; what is too long is null and noted; keys cannot be that")
    func rsa() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "leat-rsa-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let secret = folder.appending(path: "key.pem").path
        try TestCommand.run("openssl", "genrsa", "-out", secret, "2048")
        let pem = try TestCommand.run("openssl", "pkey", "-in", secret, "-pubout")
        try TestCommand.run(
            "openssl", "pkey", "-in", secret, "-pubout", "-outform", "DER", "-out", folder.appending(path: "der").path)
        let der = try Data(contentsOf: folder.appending(path: "der")).map { String(format: "%02x", $0) }.joined()
        let encryption = try Encryption(algorithm: "RSA", key: pem)
        #expect(try Encryption(algorithm: "RSA", key: der) == encryption)
        try await withSync(
            """
            create table t (id int primary key, email text, at timestamptz);
            insert into t values (1, 'ada', '2024-01-01'), (2, repeat('x', 246), '2024-01-01')
            """
        ) { fixture in
            let configured = stream(.encrypt(field: "email", encryption), mode: .incrementalAppend, cursor: "at")
            let result = try await fixture.sync(configured).streams[0]
            #expect(result.notes.contains { $0.contains("1 values did not fit") })
            let hex = try #require(try await fixture.text("select email from landing.t where id = 1"))
            let plain = try withTemporaryFile(hex[...]) { file in
                try TestCommand.run("openssl", "pkeyutl", "-decrypt", "-inkey", secret, "-in", file)
            }
            #expect(plain == "ada")
            let change = #"[{"field": "email", "change": "NULLED", "reason": "PLATFORM_SERIALIZATION_ERROR"}]"#
            #expect(try await fixture.text("select _airbyte_meta ->> 'changes' from landing.t where id = 2") == change)
            // Its texts are never the same; the rows at the cursor are known all the same.
            try await fixture.source.execute("insert into t values (3, 'bob', '2024-01-01')")
            #expect(try await fixture.sync(configured).streams[0].rowsCommitted == 1)
            #expect(try await fixture.count("landing.t") == 3)
            let error = await #expect(throws: IngestError.self) {
                try await fixture.sync(
                    stream(.encrypt(field: "id", encryption), mode: .fullRefreshOverwriteDeduped))
            }
            #expect(error?.message.contains("is encrypted with RSA, whose texts are never the same") == true)
        }
    }

    @Test("an encrypted key remains a key, and rows that are read again are known")
    func encryptedKey() async throws {
        try await withSync(
            "create table t (id int primary key, v text, at timestamptz); insert into t values (1, 'a', '2024-01-01'), (2, 'b', '2024-01-01')"
        ) { fixture in
            let encryption = try Encryption(algorithm: "AES", key: Self.key)
            let keyed = stream(.encrypt(field: "id", encryption), mode: .incrementalAppendDeduped, cursor: "at")
            try await fixture.sync(keyed)
            try await fixture.source.execute("update t set v = 'new', at = '2024-01-02' where id = 1")
            try await fixture.sync(keyed)
            #expect(try await fixture.text("select string_agg(v, ',' order by v) from landing.t") == "b,new")
            let definition = fixture.definition([keyed])
            #expect(try await Sync(definition).verify().isEqual)
            try await fixture.warehouse.execute("update landing.t set v = 'other' where v = 'b'")
            #expect(try await Sync(definition).verify().streams[0].differenceCount == 1)
            let error = await #expect(throws: IngestError.self) {
                try await fixture.sync(stream(.encrypt(field: "at", encryption), mode: .incrementalAppend, cursor: "at"))
            }
            #expect(error?.message.contains("is encrypted, so it does not grow") == true)
        }
    }

    @Test("keys and parameters that cannot be are refused, and no error shows the key")
    func badKeys() {
        let cases: [(String, String, String?, String?, String)] = [
            ("AES", "0123", nil, nil, "the key of AES must have 32, 48 or 64 hexadecimal digits"),
            ("AES", "secret-key-secret-key-secret-key", nil, nil, "the key of AES must have"),
            ("AES", Self.key, "CBX", nil, "'CBX' is not a mode of AES"),
            ("AES", Self.key, "CTR", "PKCS5Padding", "the mode CTR of AES has no padding"),
            ("DES", Self.key, nil, nil, "'DES' is not an algorithm of encryption"),
            ("RSA", "no key", nil, nil, "the public key of RSA must be hexadecimal digits"),
        ]
        for (algorithm, key, mode, padding, message) in cases {
            let error = #expect(throws: MappingError.self) {
                try Encryption(algorithm: algorithm, key: key, mode: mode, padding: padding)
            }
            #expect(error?.message.contains(message) == true)
            #expect(error.map { "\($0)".contains(key) } == false)
        }
        #expect((try? Encryption(algorithm: "AES", key: Self.key)).map { "\($0)" } == "AES/CBC/PKCS5Padding")
    }

    @Test("Airbyte's mappers are taken in their JSON form, each on the names that those before it left")
    func airbyte() throws {
        let mappers = try JSON(
            parsing: """
                [{"name": "hashing", "mapperConfiguration": {"targetField": "email", "method": "SHA-256", "fieldNameSuffix": "_hashed"}},
                 {"type": "field-renaming", "id": "f7a0", "mapperConfiguration": {"originalFieldName": "email_hashed", "newFieldName": "mail"}},
                 {"name": "field-filtering", "mapperConfiguration": {"targetField": "phone"}},
                 {"name": "row-filtering", "mapperConfiguration": {"conditions":
                   {"type": "NOT", "conditions": [{"type": "EQUAL", "fieldName": "country", "comparisonValue": "DE"}]}}},
                 {"name": "encryption", "mapperConfiguration": {"targetField": "name", "algorithm": "AES", "mode": "CBC",
                   "padding": "PKCS5Padding", "key": "\(Self.key)", "fieldNameSuffix": "_encrypted"}}]
                """)
        let mappings = try AirbyteMappers.mappings(try #require(mappers.array))
        let encryption = try Encryption(algorithm: "AES", key: Self.key)
        #expect(
            mappings == [
                .hash(field: "email", .sha256), .rename(field: "email", to: "mail"), .remove(field: "phone"),
                .filter(.not(.compare(column: "country", .equals, value: "DE"))), .encrypt(field: "name", encryption),
                .rename(field: "name", to: "name_encrypted"),
            ])
        let wrong: [(String, String)] = [
            (
                #"{"name": "hashing", "mapperConfiguration": {"targetField": "a", "method": "MD2"}}"#,
                "'MD2' is not a method of hashing"
            ),
            (#"{"name": "hashing"}"#, "has no mapperConfiguration"),
            (#"{"name": "uppercase", "mapperConfiguration": {}}"#, "'uppercase' is not a mapper"),
            (#"{"name": "row-filtering", "mapperConfiguration": {"conditions": {"type": "LIKE"}}}"#, "'LIKE' is not a condition"),
            (#"{"name": "field-renaming", "mapperConfiguration": {"originalFieldName": "a"}}"#, "lacks 'newFieldName'"),
        ]
        for (text, message) in wrong {
            let error = #expect(throws: MappingError.self) { try AirbyteMappers.mappings([try JSON(parsing: text)]) }
            #expect(error?.message.contains(message) == true)
        }
        let twice = #expect(throws: MappingError.self) {
            try AirbyteMappers.mappings([
                try JSON(parsing: #"{"name": "hashing", "mapperConfiguration": {"targetField": "a", "method": "MD5"}}"#),
                try JSON(
                    parsing:
                        #"{"name": "row-filtering", "mapperConfiguration": {"conditions": {"type": "EQUAL", "fieldName": "a", "comparisonValue": "x"}}}"#
                ),
            ])
        }
        #expect(twice?.message.contains("after it was hashed or encrypted") == true)
    }

    @Test("a field that is removed does not arrive; digests that the server does not know are made on the way")
    func removed() async throws {
        try await withSync("create table t (id int, phone text, email text); insert into t values (1, '030', 'ada')") { fixture in
            try await fixture.sync(stream(.remove(field: "phone"), .hash(field: "email", .sha1)))
            #expect(
                try await fixture.content(of: "landing.t", on: fixture.warehouse) == [
                    "{e4ea294c062c525643df036a35ca579b905fa400,1}"
                ])
        }
    }
}
