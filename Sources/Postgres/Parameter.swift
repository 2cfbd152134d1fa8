/// A value for `$1`, `$2`, ... of a statement.
///
/// The server infers the type from where the parameter stands, as it does for a quoted constant; only bytes are sent in
/// binary form, as `bytea`.
///
/// ```swift
/// try await connection.query("select * from orders where id = $1 and state = $2", [42, "open"])
/// ```
package struct Parameter: Sendable, Hashable {
    enum Value: Sendable, Hashable {
        case null
        case text(String)
        case bytes([UInt8])
    }

    let value: Value

    package static let null = Parameter(value: .null)
    package static func string(_ text: String) -> Parameter { Parameter(value: .text(text)) }
    package static func int(_ number: some BinaryInteger) -> Parameter { Parameter(value: .text(String(number))) }
    package static func double(_ number: Double) -> Parameter {
        // PostgreSQL writes the special values in words of its own.
        if number.isNaN { return Parameter(value: .text("NaN")) }
        if number.isInfinite { return Parameter(value: .text(number < 0 ? "-Infinity" : "Infinity")) }
        return Parameter(value: .text(String(number)))
    }
    package static func bool(_ flag: Bool) -> Parameter { Parameter(value: .text(flag ? "true" : "false")) }
    package static func bytes(_ bytes: [UInt8]) -> Parameter { Parameter(value: .bytes(bytes)) }
    /// The text, or null where there is none.
    package static func string(_ text: String?) -> Parameter { text.map { Parameter(value: .text($0)) } ?? .null }
}

extension Parameter: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByNilLiteral
{
    package init(stringLiteral value: String) { self = .string(value) }
    package init(integerLiteral value: Int) { self = .int(value) }
    package init(floatLiteral value: Double) { self = .double(value) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(nilLiteral: ()) { self = .null }
}
