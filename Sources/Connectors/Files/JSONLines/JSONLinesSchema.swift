import Records

/// Finds the columns of JSON Lines, in the order in which they come, and their types.
struct JSONLinesSchema {
    private struct Column {
        var types: Set<LogicalType> = []
    }
    private(set) var names: [String] = []
    private var columns: [String: Column] = [:]

    /// - Returns: false if the line is no object.
    mutating func take(_ bytes: [UInt8]) -> Bool {
        let scanner = JSONScanner(bytes: bytes)
        guard let members = scanner.members(of: 0..<bytes.count) else { return false }
        for member in members {
            if columns[member.key] == nil { names.append(member.key) }
            if let type = Self.type(scanner, member.value) {
                columns[member.key, default: Column()].types.insert(type)
            } else if columns[member.key] == nil {
                columns[member.key] = Column()
            }
        }
        return true
    }

    private static func type(_ scanner: JSONScanner, _ range: Range<Int>) -> LogicalType? {
        switch scanner.bytes[range.lowerBound] {
        case UInt8(ascii: "n"): nil
        case UInt8(ascii: "t"), UInt8(ascii: "f"): .boolean
        case UInt8(ascii: "\""): .string
        case UInt8(ascii: "{"): .object
        case UInt8(ascii: "["): .array
        default:
            scanner.bytes.withUnsafeBufferPointer { buffer in
                buffer.baseAddress.flatMap { NumberText.integer($0 + range.lowerBound, range.count) } == nil ? .number : .integer
            }
        }
    }

    /// Values of different types need one that holds them all: text for plain ones, a document where there are documents.
    func type(of name: String) -> LogicalType {
        let types = columns[name]?.types ?? []
        if types.count == 1, let type = types.first { return type }
        if types.isEmpty { return .string }
        if types == [.integer, .number] { return .number }
        return types.contains(.object) || types.contains(.array) ? .object : .string
    }
}
