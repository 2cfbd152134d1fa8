import Documents
import HTTPTypes
import Hummingbird

/// Cuts and sorts a list as the query of a request asks: `limit`, `offset`, `order_by`.
struct AirflowList {
    let limit: Int
    let offset: Int
    /// The field to sort by, with a minus for the greatest first.
    let order: String?

    static let maximum = 1000

    /// - Throws: `Problem` 400 for a limit or an offset that is no number.
    init(_ request: Request, _ dialect: AirflowDialect) throws {
        let fields = request.fields
        func number(_ name: String, _ standard: Int) throws -> Int {
            guard let text = fields[name], !text.isEmpty else { return standard }
            guard let number = Int(text), number >= 0 else {
                throw Problem(.badRequest, "\(name) is '\(text)'", hint: "it is a number from 0 on")
            }
            return number
        }
        limit = min(try number("limit", dialect.pageSize), Self.maximum)
        offset = try number("offset", 0)
        order = fields["order_by"].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The document with the items that were asked for and the count of all.
    func page(_ items: [JSON], as name: String) -> JSON {
        var items = items
        if let order {
            let isDown = order.hasPrefix("-")
            let field = isDown ? String(order.dropFirst()) : order
            items = items.enumerated().sorted { a, b in
                let (x, y) = (Self.key(a.element[field]), Self.key(b.element[field]))
                return x == y ? a.offset < b.offset : isDown ? x > y : x < y
            }.map(\.element)
        }
        let page = Array(items.dropFirst(offset).prefix(limit == 0 ? Self.maximum : limit))
        return .members([(name, .array(page)), ("total_entries", .int(items.count))])
    }

    /// A text that sorts as the value does.
    private static func key(_ value: JSON?) -> String {
        guard let number = value?.int else { return value?.string ?? "" }
        let digits = String(number.magnitude)
        return String(repeating: "0", count: max(0, 20 - digits.count)) + digits
    }
}
