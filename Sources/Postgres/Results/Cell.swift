import Clibpq

/// One value of a result, in the server's text form until it is read.
package struct Cell: Sendable {
    let storage: ResultStorage
    let row: Int32
    let column: Int32

    package var isNull: Bool { PQgetisnull(storage.raw, row, column) == 1 }
    package var typeOID: UInt32 { storage.columns[Int(column)].typeOID }

    /// The text as the server wrote it; nil for null.
    package var string: String? { isNull ? nil : withBytes { String(decoding: $0, as: UTF8.self) } }
    /// Nil for null and for what is no whole number.
    package var int: Int? { isNull ? nil : withBytes { Int(Substring(decoding: $0, as: UTF8.self)) } }
    /// Nil for null and for what is no number.
    package var double: Double? { string.flatMap { Double($0) } }
    /// Nil for null and for what is no boolean.
    package var bool: Bool? {
        switch string {
        case "t", "true": true
        case "f", "false": false
        default: nil
        }
    }
    /// The bytes of a `bytea`, or of the text of any other type; nil for null.
    package var bytes: [UInt8]? {
        guard !isNull else { return nil }
        return withBytes { text in typeOID == Self.byteaOID ? Self.bytes(ofHex: text) : [UInt8](text) }
    }

    /// Calls `body` with the value's text as it lies in the result, without a copy; no bytes for null.
    package func withBytes<T>(_ body: (UnsafeRawBufferPointer) throws -> T) rethrows -> T {
        let length = Int(PQgetlength(storage.raw, row, column))
        return try withExtendedLifetime(storage) {
            try body(UnsafeRawBufferPointer(start: PQgetvalue(storage.raw, row, column), count: length))
        }
    }

    /// The value as `T`; `T?` allows null.
    ///
    /// - Throws: ``PostgresError`` with code `postgres.decoding`.
    package func decode<T: CellDecodable>(as type: T.Type) throws(PostgresError) -> T {
        if let value = T(self) { return value }
        let name = storage.columns[Int(column)].name
        throw PostgresError(
            .decoding, isNull ? "column \"\(name)\" is null, wanted \(T.self)" : "column \"\(name)\" does not hold a \(T.self)")
    }

    private static let byteaOID: UInt32 = 17

    /// `\x0aff` as bytes; nil where it is not in that form (`bytea_output = escape`).
    private static func bytes(ofHex text: UnsafeRawBufferPointer) -> [UInt8]? {
        guard text.count >= 2, text[0] == UInt8(ascii: "\\"), text[1] == UInt8(ascii: "x"), text.count % 2 == 0 else {
            return nil
        }
        func digit(_ byte: UInt8) -> UInt8? {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
            default: nil
            }
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 2 - 1)
        for index in stride(from: 2, to: text.count, by: 2) {
            guard let high = digit(text[index]), let low = digit(text[index + 1]) else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes
    }
}
