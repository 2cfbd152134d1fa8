import Jinja

/// Python's `datetime` and `date`.
final class DateTimeObject: MethodObject {
    enum Kind: Sendable { case date, datetime }

    let value: DateTime
    let kind: Kind

    init(_ value: DateTime, kind: Kind) {
        self.value = value
        self.kind = kind
    }

    override var typeName: String { kind == .date ? "date" : "datetime" }
    override var isTruthy: Bool { true }
    override var description: String { kind == .date ? value.isoDate : value.isoFormat(separator: " ") }
    override var repr: String {
        let (year, month, day) = value.civil
        return kind == .date
            ? "datetime.date(\(year), \(month), \(day))"
            : "datetime.datetime(\(year), \(month), \(day), \(value.hour), \(value.minute), \(value.second))"
    }
    override func isEqual(to other: Object) -> Bool { (other as? DateTimeObject)?.value == value }
    override func hash(into hasher: inout Hasher) { hasher.combine(value) }
    override func formatted(_ specification: String) throws -> String? { value.formatted(specification) }

    override func compare(to other: Value) throws -> Int? {
        guard let other = other.objectValue as? DateTimeObject else { return nil }
        return value.microseconds < other.value.microseconds ? -1 : value.microseconds > other.value.microseconds ? 1 : 0
    }

    override func combine(_ operation: BinaryOperator, _ other: Value, isLeft: Bool) throws -> Value? {
        if let delta = other.objectValue as? TimeDeltaObject {
            switch operation {
            case .add: return .object(moved(by: delta.microseconds))
            case .subtract where isLeft: return .object(moved(by: -delta.microseconds))
            default: return nil
            }
        }
        guard operation == .subtract, isLeft, let other = other.objectValue as? DateTimeObject else { return nil }
        return .object(TimeDeltaObject(microseconds: value.microseconds - other.value.microseconds))
    }

    private func moved(by microseconds: Int) -> DateTimeObject {
        DateTimeObject(DateTime(microseconds: value.microseconds + microseconds, offset: value.offset), kind: kind)
    }

    override func field(_ name: String, _ runtime: Runtime) throws -> Value? {
        let (year, month, day) = value.civil
        switch name {
        case "year": return .int(year)
        case "month": return .int(month)
        case "day": return .int(day)
        case "hour": return .int(value.hour)
        case "minute": return .int(value.minute)
        case "second": return .int(value.second)
        case "microsecond": return .int(value.microsecond)
        case "tzinfo": return value.offset == nil ? Value.none : "UTC"
        default: return nil
        }
    }

    override var methods: Set<String> {
        ["strftime", "isoformat", "date", "weekday", "isoweekday", "timestamp", "replace", "astimezone", "toordinal", "time"]
    }

    override func invoke(_ method: String, _ arguments: Arguments, _ runtime: Runtime) throws -> Value {
        switch method {
        case "strftime": return .string(value.formatted(try arguments.string(0, "format", of: method)))
        case "isoformat":
            return .string(
                kind == .date ? value.isoDate : value.isoFormat(separator: arguments.value(0, "sep")?.stringValue ?? "T"))
        case "date": return .object(DateTimeObject(DateTime(microseconds: value.dayNumber * 86_400_000_000), kind: .date))
        case "time": return .string(value.clock)
        case "weekday": return .int(value.weekday)
        case "isoweekday": return .int(value.weekday + 1)
        case "timestamp": return .double(Double(value.microseconds) / 1_000_000 - Double(value.offset ?? 0))
        case "toordinal": return .int(value.dayNumber + 719_163)
        case "replace": return .object(replacing(arguments))
        default:
            let utc = value.microseconds - (value.offset ?? 0) * 1_000_000
            return .object(DateTimeObject(DateTime(microseconds: utc, offset: 0), kind: kind))
        }
    }

    private func replacing(_ arguments: Arguments) -> DateTimeObject {
        let (year, month, day) = value.civil
        var offset = value.offset
        if let zone = arguments["tzinfo"] { offset = zone.isNone ? nil : (zone.objectValue as? TimeZoneObject)?.offset ?? 0 }
        return DateTimeObject(
            DateTime(
                year: arguments.value(0, "year")?.intValue ?? year, month: arguments.value(1, "month")?.intValue ?? month,
                day: arguments.value(2, "day")?.intValue ?? day, hour: arguments.value(3, "hour")?.intValue ?? value.hour,
                minute: arguments.value(4, "minute")?.intValue ?? value.minute,
                second: arguments.value(5, "second")?.intValue ?? value.second,
                microsecond: arguments.value(6, "microsecond")?.intValue ?? value.microsecond, offset: offset), kind: kind)
    }
}
