import Diagnostics

/// Reads cron expressions.
struct CronParser {
    private let expression: String
    private let dialect: CronSchedule.Dialect
    private var fields = CronFields()

    init(_ expression: String, dialect: CronSchedule.Dialect) {
        self.expression = expression
        self.dialect = dialect
    }

    private static let aliases = [
        "@hourly": "0 * * * *", "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@weekly": "0 0 * * 0",
        "@monthly": "0 0 1 * *", "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *",
    ]

    mutating func parse() throws(OrchestrateError) -> CronFields {
        var parts = expression.split(whereSeparator: \.isWhitespace).map { $0.lowercased() }
        if let alias = parts.first, alias.hasPrefix("@") {
            guard parts.count == 1, let meaning = Self.aliases[alias] else {
                throw failure(
                    "there is no schedule '\(alias)'", hint: Suggestion.hint(for: alias, in: Self.aliases.keys.sorted()))
            }
            return try CronParser(meaning, dialect: .standard).parsed()
        }
        switch (dialect, parts.count) {
        case (.standard, 5): break
        case (.standard, 6): fields.seconds = try set(parts.removeLast(), .second)
        case (.quartz, 7):
            fields.years = try years(parts.removeLast())
            fields.seconds = try set(parts.removeFirst(), .second)
        case (.quartz, 6): fields.seconds = try set(parts.removeFirst(), .second)
        default:
            let wanted =
                dialect == .standard
                ? "5 fields, or 6 with seconds at the end" : "6 fields with seconds first, or 7 with the year"
            throw failure("has \(parts.count) fields", hint: "a cron expression has \(wanted)")
        }
        fields.minutes = try set(parts[0], .minute)
        fields.hours = try set(parts[1], .hour)
        try parseDaysOfMonth(parts[2])
        fields.months = try set(parts[3], .month)
        try parseWeekdays(parts[4])
        return fields
    }

    private consuming func parsed() throws(OrchestrateError) -> CronFields {
        var parser = self
        return try parser.parse()
    }

    // MARK: Days

    private mutating func parseDaysOfMonth(_ text: String) throws(OrchestrateError) {
        for item in items(text) {
            if item == "l" {
                fields.daysBeforeLast |= 1
            } else if item == "lw" || item == "wl" {
                fields.lastWorkingDay = true
            } else if item.hasPrefix("l-") {
                fields.daysBeforeLast |= try 1 << UInt64(number(item.dropFirst(2), .daysBeforeLast))
            } else if item.hasSuffix("w") {
                fields.nearestWorkingDays |= try 1 << UInt64(number(item.dropLast(), .day))
            } else {
                fields.daysOfMonth |= try range(item, .day)
            }
        }
    }

    private mutating func parseWeekdays(_ text: String) throws(OrchestrateError) {
        for item in items(text) {
            if let mark = item.firstIndex(of: "#") {
                let day = try weekday(item[..<mark])
                let count = try number(item[item.index(after: mark)...], .weekOfMonth)
                fields.nthWeekdays |= 1 << UInt64(day * 5 + count - 1)
            } else if item == "l" {
                fields.weekdays |= 1 << 6  // Quartz: the last day of the week
            } else if item.hasSuffix("l") {
                fields.lastWeekdays |= try 1 << UInt64(weekday(item.dropLast()))
            } else if item.hasPrefix("l") {
                fields.lastWeekdays |= try 1 << UInt64(weekday(item.dropFirst()))
            } else {
                fields.weekdays |= try weekdayBits(range(item, weekdayField))
            }
        }
    }

    private var weekdayField: CronField { dialect == .quartz ? .quartzWeekday : .weekday }

    private func weekday(_ text: Substring) throws(OrchestrateError) -> Int {
        let value = try number(text, weekdayField)
        return dialect == .quartz ? value - 1 : value % 7
    }

    /// Makes Sunday 0 alone.
    private func weekdayBits(_ bits: UInt64) -> UInt64 {
        dialect == .quartz ? bits >> 1 : (bits & CronFields.allWeekdays) | (bits >> 7 & 1)
    }

    // MARK: Values

    private func years(_ text: String) throws(OrchestrateError) -> [Int]? {
        if text == "*" || text == "?" { return nil }
        var years: Set<Int> = []
        for item in items(text) {
            let parts = item.split(separator: "/", omittingEmptySubsequences: false)
            let ends = parts[0].split(separator: "-", omittingEmptySubsequences: false)
            let step = parts.count > 1 ? try number(parts[1], .year) : 1
            if ends.first == "*" {
                years.formUnion(stride(from: CronField.year.low, through: CronField.year.high, by: max(1, step)))
                continue
            }
            let low = try number(ends[0], .year)
            let high = ends.count > 1 ? try number(ends[1], .year) : parts.count > 1 ? CronField.year.high : low
            guard low <= high, parts.count <= 2, ends.count <= 2 else { throw failure("has a bad year '\(item)'") }
            years.formUnion(stride(from: low, through: high, by: max(1, step)))
        }
        return years.sorted()
    }

    private func items(_ text: String) -> [String] {
        text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }

    private func set(_ text: String, _ field: CronField) throws(OrchestrateError) -> UInt64 {
        var bits: UInt64 = 0
        for item in items(text) { bits |= try range(item, field) }
        return bits
    }

    /// `*`, `5`, `1-5`, `*/2`, `3/10`, `1-30/5`; a range whose end is below its start wraps.
    private func range(_ item: String, _ field: CronField) throws(OrchestrateError) -> UInt64 {
        let parts = item.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2 else { throw failure("has '\(item)' for the \(field.name)") }
        var step = 1
        if parts.count == 2 {
            guard let value = Int(parts[1]), value > 0 else {
                throw failure("has the bad step '\(parts[1])' in '\(item)' for the \(field.name)")
            }
            step = value
        }
        let text = parts[0]
        if text == "*" || (text == "?" && field.allowsQuestionMark) {
            return bits(from: field.low, through: field.cycleHigh, step: step)
        }
        let ends = text.split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count <= 2 else { throw failure("has '\(item)' for the \(field.name)") }
        let low = try number(ends[0], field)
        guard ends.count == 2 else { return bits(from: low, through: parts.count == 2 ? field.cycleHigh : low, step: step) }
        let high = try number(ends[1], field)
        if low <= high { return bits(from: low, through: high, step: step) }
        let length = field.cycleHigh - field.low + 1
        var result: UInt64 = 0
        for value in stride(from: low, through: high + length, by: step) {
            result |= 1 << UInt64((value - field.low) % length + field.low)
        }
        return result
    }

    private func bits(from low: Int, through high: Int, step: Int) -> UInt64 {
        stride(from: low, through: max(low, high), by: step).reduce(0) { $0 | 1 << UInt64($1) }
    }

    private func number(_ text: Substring, _ field: CronField) throws(OrchestrateError) -> Int {
        if let index = field.names.firstIndex(where: { $0 == text.prefix(3) && text.count == 3 }) {
            return index + field.firstNamed
        }
        guard !text.isEmpty, text.utf8.allSatisfy({ $0 &- 48 < 10 }), let value = Int(text) else {
            throw failure(
                text.isEmpty ? "has an empty \(field.name)" : "has '\(text)' for the \(field.name)",
                hint: Suggestion.hint(for: String(text), in: field.names) ?? "allowed are \(field.low) to \(field.high)")
        }
        guard (field.low...field.high).contains(value) else {
            throw failure("has \(value) for the \(field.name)", hint: "allowed are \(field.low) to \(field.high)")
        }
        return value
    }

    private func failure(_ what: String, hint: String? = nil) -> OrchestrateError {
        OrchestrateError(.badCron, "the cron expression '\(expression)' \(what)", hint: hint)
    }
}
