import Jinja

/// `modules.datetime.datetime` and `.date`.
final class DateTimeClass: MethodObject {
    private let kind: DateTimeObject.Kind

    init(kind: DateTimeObject.Kind) { self.kind = kind }

    override var typeName: String { "type" }
    override var isCallable: Bool { true }
    override var isTruthy: Bool { true }

    override func call(_ arguments: Arguments, _ runtime: Runtime) throws -> Value {
        .object(
            DateTimeObject(
                DateTime(
                    year: try arguments.int(0, "year", default: 1970, of: typeName),
                    month: try arguments.int(1, "month", default: 1, of: typeName),
                    day: try arguments.int(2, "day", default: 1, of: typeName),
                    hour: try arguments.int(3, "hour", default: 0, of: typeName),
                    minute: try arguments.int(4, "minute", default: 0, of: typeName),
                    second: try arguments.int(5, "second", default: 0, of: typeName)), kind: kind))
    }

    override var methods: Set<String> {
        ["now", "utcnow", "today", "strptime", "fromisoformat", "fromtimestamp", "combine"]
    }

    override func invoke(_ method: String, _ arguments: Arguments, _ runtime: Runtime) throws -> Value {
        switch method {
        case "now":
            var now = DateTime.now()
            if let zone = arguments.value(0, "tz")?.objectValue as? TimeZoneObject {
                now = DateTime(microseconds: now.microseconds + zone.offset * 1_000_000, offset: zone.offset)
            }
            return .object(DateTimeObject(now, kind: kind))
        case "strptime":
            let text = try arguments.string(0, "date_string", of: method)
            let format = try arguments.string(1, "format", of: method)
            guard let value = DateTime(text, format: format) else {
                throw TransformError(.compilation, "time data '\(text)' does not match format '\(format)'")
            }
            return .object(DateTimeObject(value, kind: kind))
        case "fromisoformat":
            let text = try arguments.string(0, "date_string", of: method)
            guard let value = DateTime(parsing: text) else {
                throw TransformError(.compilation, "Invalid isoformat string: '\(text)'")
            }
            return .object(DateTimeObject(value, kind: kind))
        case "fromtimestamp":
            let seconds = try arguments.required(0, "timestamp", of: method).doubleValue ?? 0
            return .object(DateTimeObject(DateTime(microseconds: Int(seconds * 1_000_000)), kind: kind))
        case "combine":
            return try arguments.required(0, "date", of: method)
        default:
            let now = DateTime.now()
            guard kind == .date else { return .object(DateTimeObject(now, kind: kind)) }
            return .object(DateTimeObject(DateTime(microseconds: now.dayNumber * 86_400_000_000), kind: .date))
        }
    }
}
