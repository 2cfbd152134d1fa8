import Documents
import Jinja

/// What the warehouse answered to a statement.
package struct StatementResponse: Sendable, Hashable {
    /// `INSERT 0 5`.
    package var message: String
    /// `INSERT`.
    package var code: String
    package var rowsAffected: Int?

    init(message: String, code: String, rowsAffected: Int?) {
        self.message = message
        self.code = code
        self.rowsAffected = rowsAffected
    }

    /// The server's tag, as dbt takes it apart.
    init(tag: String) {
        message = tag
        let words = tag.split(separator: " ")
        code = words.filter { Int($0) == nil }.joined(separator: " ")
        rowsAffected = words.last.flatMap { Int($0) }
    }

    var json: JSON {
        ["_message": .string(message), "code": .string(code), "rows_affected": rowsAffected.map(JSON.int) ?? .int(-1)]
    }
}

/// A response in templates: prints as the message.
final class ResponseObject: MethodObject {
    let response: StatementResponse

    init(_ response: StatementResponse) { self.response = response }

    override var typeName: String { "AdapterResponse" }
    override var description: String { response.message }
    override var isTruthy: Bool { true }

    override func field(_ name: String, _ runtime: Runtime) throws -> Value? {
        switch name {
        case "_message", "message": .string(response.message)
        case "code": .string(response.code)
        case "rows_affected": .int(response.rowsAffected ?? -1)
        default: nil
        }
    }
}
