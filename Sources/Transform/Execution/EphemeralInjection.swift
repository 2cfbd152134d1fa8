/// Puts the SQL of ephemeral models before a statement, as common table expressions.
enum EphemeralInjection {
    /// One expression: ` __dbt__cte__x as (...)`.
    static func expression(name: String, sql: String) -> String { " \(name) as (\n\(sql)\n)" }

    /// The statement with the expressions, in front of its own if it has any.
    static func inject(_ expressions: [String], into sql: String) -> String {
        guard !expressions.isEmpty else { return sql }
        let joined = expressions.joined(separator: ", ")
        let bytes = Array(sql.utf8)
        let start = afterSpaceAndComments(bytes, from: 0)
        if let afterWith = word("with", in: bytes, at: start) {
            let next = afterSpaceAndComments(bytes, from: afterWith)
            let place = word("recursive", in: bytes, at: next) ?? afterWith
            return text(bytes[..<place]) + joined + "," + text(bytes[place...])
        }
        let first = afterSpace(bytes, from: 0)
        return text(bytes[..<first]) + "with" + joined + " " + text(bytes[first...])
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }

    private static func afterSpace(_ bytes: [UInt8], from start: Int) -> Int {
        bytes[start...].firstIndex { $0 > 0x20 } ?? bytes.count
    }

    private static func afterSpaceAndComments(_ bytes: [UInt8], from start: Int) -> Int {
        var index = start
        while true {
            index = afterSpace(bytes, from: index)
            if index + 1 < bytes.count, bytes[index] == UInt8(ascii: "-"), bytes[index + 1] == UInt8(ascii: "-") {
                index = bytes[index...].firstIndex(of: 0x0A) ?? bytes.count
            } else if index + 1 < bytes.count, bytes[index] == UInt8(ascii: "/"), bytes[index + 1] == UInt8(ascii: "*") {
                var depth = 1
                index += 2
                while index + 1 < bytes.count, depth > 0 {
                    if bytes[index] == UInt8(ascii: "*"), bytes[index + 1] == UInt8(ascii: "/") {
                        depth -= 1
                        index += 1
                    } else if bytes[index] == UInt8(ascii: "/"), bytes[index + 1] == UInt8(ascii: "*") {
                        depth += 1
                        index += 1
                    }
                    index += 1
                }
            } else {
                return index
            }
        }
    }

    /// The end of `word` where it stands at `start`, else nil.
    private static func word(_ word: StaticString, in bytes: [UInt8], at start: Int) -> Int? {
        let end = start + word.utf8CodeUnitCount
        guard end <= bytes.count else { return nil }
        let matches = word.withUTF8Buffer { buffer in zip(bytes[start..<end], buffer).allSatisfy { ($0 | 0x20) == $1 } }
        guard matches else { return nil }
        if end < bytes.count {
            let next = bytes[end]
            if (next | 0x20) &- 97 < 26 || next &- 48 < 10 || next == UInt8(ascii: "_") || next >= 0x80 { return nil }
        }
        return end
    }
}
