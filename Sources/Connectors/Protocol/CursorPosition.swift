import Documents
import Records

/// How far a stream is read by its cursor, as the state of Airbyte's own database sources has it: the greatest value, and how
/// many records had it.
///
/// Records come in the cursor's order. Those at the value where the last read ended come again; if they are as many as
/// they were then, they are left out.
struct CursorPosition {
    private let stream: StreamDescriptor
    private let field: String
    private(set) var value: String?
    private var count = 0
    /// What was said at the end of the last read, while its records come again.
    private var known: (value: String, count: Int)?
    private var held: [[UInt8]] = []

    init(stream: StreamDescriptor, field: String, _ state: JSON?) {
        self.stream = stream
        self.field = field
        guard state?["cursor_field"]?[0]?.string == field, let cursor = state?["cursor"]?.string else { return }
        value = cursor
        let records = state?["cursor_record_count"]
        known = (cursor, records?.int ?? records?.double.flatMap { Int(exactly: $0) } ?? 0)
    }

    /// Takes the line of a record.
    /// - Returns: the lines that may go out.
    mutating func take(_ line: [UInt8], _ cursor: UnsafeRawBufferPointer?) -> [[UInt8]] {
        guard let cursor else { return [line] }
        let isSame = value.map { cursor.elementsEqual($0.utf8) } ?? false
        if let known, isSame {
            count += 1
            held.append(line)
            // More than then: all of them go out again.
            if count <= known.count { return [] }
            self.known = nil
            defer { held = [] }
            return held
        }
        let ready = release()
        if isSame {
            count += 1
        } else {
            value = String(decoding: cursor, as: UTF8.self)
            count = 1
        }
        return ready + [line]
    }

    /// The held lines, if they are not those of the last read.
    private mutating func release() -> [[UInt8]] {
        guard let known else { return [] }
        self.known = nil
        defer { held = [] }
        return held.count == known.count ? [] : held
    }

    mutating func finish() -> [[UInt8]] {
        if let known, count == 0 { count = known.count }
        return release()
    }

    var state: JSON {
        let cursor: JSON = value.map { .string($0) } ?? .null
        var members = JSON.Members([("version", 2), ("state_type", "cursor_based")])
        members["stream_name"] = .string(stream.name)
        members["cursor_field"] = [.string(field)]
        members["cursor"] = cursor
        members["cursor_record_count"] = .int(count)
        if let namespace = stream.namespace { members["stream_namespace"] = .string(namespace) }
        return .object(members)
    }
}
