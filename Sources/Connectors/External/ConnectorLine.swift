import Documents

/// A line of a connector's output.
struct ConnectorLine {
    let scanner: JSONScanner
    /// The parts of a record.
    struct Record {
        var stream: String
        var namespace: String?
        var data: Range<Int>
        /// When the source has sent it: microseconds since 1970.
        var emittedAt: Int?
        /// The changes that the source has noted.
        var changes: [JSON]
    }

    let record: Record?
    /// Any other message; nil if the line is none.
    let message: JSON?
    /// Whether it should have been a record: one without data, or that was cut off or mixed with other output. It is no log, for a
    /// row would be lost.
    let isBrokenRecord: Bool

    init(_ bytes: [UInt8]) {
        // Invalid text would be refused by every destination.
        var bytes = bytes
        if !bytes.allSatisfy({ $0 < 0x80 }), String(validating: bytes, as: UTF8.self) == nil {
            bytes = Array(String(decoding: bytes, as: UTF8.self).utf8)
        }
        scanner = JSONScanner(bytes: bytes)
        guard bytes.first == UInt8(ascii: "{"), let members = scanner.members(of: 0..<bytes.count) else {
            record = nil
            message = nil
            isBrokenRecord = Self.beginsAsRecord(bytes)
            return
        }
        if let type = members.first(where: { $0.key == "type" }), scanner.string(type.value) == "RECORD",
            let body = members.first(where: { $0.key == "record" })
        {
            record = Self.record(scanner, body.value)
            message = nil
            isBrokenRecord = record == nil
        } else {
            record = nil
            isBrokenRecord = false
            message = (try? JSON(parsing: bytes)).flatMap { $0["type"]?.string == nil ? nil : $0 }
        }
    }

    /// Whether the type of a message stands at the begin, before anything that may be data.
    private static func beginsAsRecord(_ bytes: [UInt8]) -> Bool {
        guard bytes.first == UInt8(ascii: "{") else { return false }
        let head = String(decoding: bytes.prefix(40), as: UTF8.self).filter { !$0.isWhitespace }
        return head.hasPrefix(#"{"type":"RECORD","record":"#)
    }

    /// - Throws: ``ConnectorError`` if it is a broken record.
    func checkIsWhole() throws(ConnectorError) {
        guard isBrokenRecord else { return }
        throw ConnectorError(
            .integrity, "a record is not whole: \(String(decoding: scanner.bytes.prefix(200), as: UTF8.self))",
            hint: "two threads of the connector may have written at once, or something else writes to its standard output",
            failureType: .system)
    }

    private static func record(_ scanner: JSONScanner, _ range: Range<Int>) -> Record? {
        guard let members = scanner.members(of: range) else { return nil }
        var record = Record(stream: "", data: 0..<0, changes: [])
        for member in members {
            switch member.key {
            case "stream": record.stream = scanner.string(member.value) ?? ""
            case "namespace": record.namespace = scanner.string(member.value)
            case "data": record.data = member.value
            case "emitted_at":
                record.emittedAt = Double(scanner.text(member.value)).flatMap { Int(exactly: ($0 * 1000).rounded()) }
            case "meta": record.changes = (try? JSON(parsing: scanner.text(member.value)))?["changes"]?.array ?? []
            default: break
            }
        }
        return record.data.isEmpty ? nil : record
    }
}
