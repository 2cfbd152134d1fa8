import Diagnostics
import Documents

/// Cuts a file into lines, each a JSON object. Empty lines are none.
final class JSONLinesReader {
    let path: String
    private let reader: any ByteReader
    private let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 16)
    private var offset = 0
    private var end = 0
    private var hasEnded = false
    /// The number of the line at hand.
    private(set) var line = 0
    private(set) var bytesTaken = 0

    init(_ reader: any ByteReader, path: String) {
        self.reader = reader
        self.path = path
    }

    deinit { chunk.deallocate() }

    /// The next line that is not empty; nil at the end.
    func next() throws(ConnectorError) -> [UInt8]? {
        while true {
            guard var bytes = try nextLine() else { return nil }
            line += 1
            bytesTaken += bytes.count + 1
            if bytes.last == 0x0D { bytes.removeLast() }
            if bytes.contains(where: { $0 != 0x20 && $0 != 0x09 }) { return bytes }
        }
    }

    private func nextLine() throws(ConnectorError) -> [UInt8]? {
        var pending: [UInt8] = []
        while true {
            if let place = chunk[offset..<end].firstIndex(of: 0x0A) {
                let bytes = pending + chunk[offset..<place]
                offset = place + 1
                return bytes
            }
            pending += chunk[offset..<end]
            offset = 0
            end = 0
            if hasEnded { return pending.isEmpty ? nil : pending }
            end = try reader.read(into: chunk)
            hasEnded = end == 0
        }
    }

    /// An error with the place of a byte of the line at hand.
    func error(_ message: String, _ bytes: [UInt8], at place: Int, hint: String? = nil) -> ConnectorError {
        var error = ConnectorError(.data, message, hint: hint)
        let column = bytes[..<min(place, bytes.count)].reduce(1) { $0 + ($1 & 0xC0 != 0x80 ? 1 : 0) }
        error.location = SourceLocation(file: path, line: line, column: column)
        return error
    }

    /// Why a line is no JSON object.
    func broken(_ bytes: [UInt8]) -> ConnectorError {
        let hint = "each line must be one JSON object"
        do {
            _ = try JSON(parsing: bytes)
        } catch {
            var failure = ConnectorError(.data, "the line is no JSON: \(error.message)", hint: hint)
            failure.location = SourceLocation(file: path, line: line, column: error.location?.column ?? 1)
            return failure
        }
        return self.error("the line is no JSON object", bytes, at: 0, hint: hint)
    }
}
