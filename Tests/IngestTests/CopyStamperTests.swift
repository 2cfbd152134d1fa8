import Testing

@testable import Connectors

@Suite("Stamping COPY BINARY")
struct CopyStamperTests {
    private static let header: [UInt8] = Array("PGCOPY\n".utf8) + [0xFF, 0x0D, 0x0A, 0x00] + [UInt8](repeating: 0, count: 8)

    /// Two rows of two fields: (x'AB', null) and ('', 'hello').
    private static let data =
        header + [0, 2, 0, 0, 0, 1, 0xAB, 0xFF, 0xFF, 0xFF, 0xFF] + [0, 2, 0, 0, 0, 0, 0, 0, 0, 5] + Array("hello".utf8)
        + [0xFF, 0xFF]

    private func stamp(
        _ pieces: [[UInt8]], columns: Int = 2, hasChanges: Bool = false
    ) throws -> (output: [UInt8], rows: Int) {
        var stamper = CopyStamper(
            columns: columns, extractedAt: 946_684_800_000_001, syncID: 5, generation: 7, hasChanges: hasChanges)
        var output: [UInt8] = []
        for piece in pieces { try piece.withUnsafeBytes { try stamper.append($0) { output += $0 } } }
        try stamper.finish { output += $0 }
        return (output, stamper.rows)
    }

    @Test("adds the id and the time to each row and leaves the others alone")
    func stamps() throws {
        let (output, rows) = try stamp([Self.data])
        #expect(rows == 2)
        let tail: [UInt8] = [0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 1]
        let first = 19 + 11
        #expect(Array(output[..<first]) == Self.header + [0, 4, 0, 0, 0, 1, 0xAB, 0xFF, 0xFF, 0xFF, 0xFF])
        #expect(Array(output[first..<(first + 4)]) == [0, 0, 0, 36])
        #expect(Array(output[(first + 40)..<(first + 40 + tail.count)]) == tail)
        #expect(output.suffix(2) == [0xFF, 0xFF])
        #expect(output.count == Self.data.count + 2 * (40 + tail.count))
    }

    @Test("where rows bring changes, these and the generation are added too")
    func changes() throws {
        // The second row's last field is its changes; the first has none.
        let (output, rows) = try stamp([Self.data], columns: 1, hasChanges: true)
        #expect(rows == 2)
        func tail(_ document: String) -> [UInt8] {
            [0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, UInt8(document.utf8.count + 1), 1] + Array(document.utf8) + [
                0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 7,
            ]
        }
        let none = tail(#"{"sync_id":5,"changes":[]}"#)
        let some = tail(#"{"sync_id":5,"changes":hello}"#)
        #expect(Array(output[..<26]) == Self.header + [0, 5, 0, 0, 0, 1, 0xAB])
        #expect(Array(output[(26 + 40)..<(26 + 40 + none.count)]) == none)
        #expect(Array(output.dropLast(2).suffix(some.count)) == some)
    }

    @Test("pieces may end anywhere")
    func anyPieces() throws {
        let whole = try stamp([Self.data]).output.count
        for cut in 0...Self.data.count {
            let (output, rows) = try stamp([Array(Self.data[..<cut]), Array(Self.data[cut...])])
            #expect(output.count == whole && rows == 2)
        }
        #expect(try stamp(Self.data.map { [$0] }).output.count == whole)
    }

    @Test("a row larger than the buffer passes")
    func hugeRow() throws {
        let value = [UInt8](repeating: 0x41, count: 300_000)
        let length = withUnsafeBytes(of: UInt32(value.count).bigEndian, Array.init)
        let (output, rows) = try stamp([Self.header + [0, 1] + length + value, [0xFF, 0xFF]], columns: 1)
        #expect(rows == 1)
        #expect(output.count > 300_000 && output[25..<(25 + 300_000)].elementsEqual(value))
    }

    @Test("data that is cut off, has other fields or is no COPY is refused")
    func broken() {
        #expect(throws: ConnectorError.self) { try stamp([Array(Self.data.dropLast(2))]) }
        #expect(throws: ConnectorError.self) { try stamp([Array(Self.data.dropLast(5))]) }
        #expect(throws: ConnectorError.self) { try stamp([Self.data + [0]]) }
        #expect(throws: ConnectorError.self) { try stamp([Self.data], columns: 3) }
        #expect(throws: ConnectorError.self) { try stamp([Array("no copy data at all".utf8)]) }
        #expect(throws: ConnectorError.self) { try stamp([]) }
    }

    @Test("ids are distinct UUIDs of version 7")
    func ids() {
        var generator = RawIDGenerator()
        var seen: Set<String> = []
        var bytes = [UInt8](repeating: 0, count: 36)
        for _ in 0..<20_000 {
            bytes.withUnsafeMutableBytes { generator.write(to: $0) }
            seen.insert(String(decoding: bytes, as: UTF8.self))
        }
        #expect(seen.count == 20_000)
        let id = Array(seen.first ?? "")
        #expect(id[14] == "7" && "89ab".contains(id[19]) && [8, 13, 18, 23].allSatisfy { id[$0] == "-" })
    }
}
