import Jinja

/// Writes the constraints of contracts as DDL.
enum ConstraintRenderer {
    /// `"id" integer not null primary key`, one text for each column.
    static func columns(_ value: Value) -> [String] {
        let columns = value.dictValue?.values ?? value.elements ?? []
        return columns.compactMap { column -> String? in
            guard let column = column.dictValue else { return nil }
            let name = column["name"]?.pythonString ?? ""
            let isQuoted = column["quote"]?.isTruthy ?? false
            var parts = [isQuoted ? Relation.quoted(name) : name, column["data_type"]?.pythonString ?? ""]
            parts += (column["constraints"]?.elements ?? []).compactMap { $0.dictValue.flatMap(columnConstraint) }
            return parts.joined(separator: " ")
        }
    }

    /// `constraint x check (...)`, one text for each constraint of the whole table.
    static func model(_ value: Value) -> [String] {
        (value.elements ?? []).compactMap { $0.dictValue.flatMap(modelConstraint) }
    }

    private static func columnConstraint(_ constraint: Dict) -> String? {
        let expression = constraint["expression"]?.stringValue ?? ""
        let type = constraint["type"]?.stringValue ?? ""
        let text: String
        switch type {
        case "check": text = expression.isEmpty ? "" : "check (\(expression))"
        case "not_null": text = "not null \(expression)"
        case "unique": text = "unique \(expression)"
        case "primary_key": text = "primary key \(expression)"
        case "foreign_key":
            if let to = constraint["to"]?.stringValue, let columns = names(constraint["to_columns"]) {
                text = "references \(to) (\(columns))"
            } else {
                text = expression.isEmpty ? "" : "references \(expression)"
            }
        case "custom": text = expression
        default: text = ""
        }
        let trimmed = text.trimmingSpaces
        return trimmed.isEmpty ? nil : trimmed
    }

    private static func modelConstraint(_ constraint: Dict) -> String? {
        let prefix = constraint["name"]?.stringValue.map { "constraint \($0) " } ?? ""
        let expression = constraint["expression"]?.stringValue
        let columns = names(constraint["columns"]) ?? ""
        switch constraint["type"]?.stringValue {
        case "check": return expression.map { "\(prefix)check (\($0))" }
        case "unique": return "\(prefix)unique\(expression.map { " \($0)" } ?? "") (\(columns))"
        case "primary_key": return "\(prefix)primary key\(expression.map { " \($0)" } ?? "") (\(columns))"
        case "foreign_key":
            if let to = constraint["to"]?.stringValue, let targets = names(constraint["to_columns"]) {
                return "\(prefix)foreign key (\(columns)) references \(to) (\(targets))"
            }
            return expression.map { "\(prefix)foreign key (\(columns)) references \($0)" }
        case "custom": return expression.map { prefix + $0 }
        default: return nil
        }
    }

    private static func names(_ value: Value?) -> String? {
        value?.elements.map { $0.map(\.pythonString).joined(separator: ", ") }.flatMap { $0.isEmpty ? nil : $0 }
    }
}

extension String {
    var trimmingSpaces: String {
        var text = self[...]
        while let first = text.first, first.isWhitespace { text.removeFirst() }
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return String(text)
    }
}
