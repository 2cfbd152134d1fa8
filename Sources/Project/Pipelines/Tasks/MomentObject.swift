import Jinja
import Orchestrate

/// A moment as templates see it, in UTC, with what they use of Python's `datetime` and of Airflow's `pendulum`.
final class MomentObject: Object {
    let moment: Timestamp

    init(_ moment: Timestamp) { self.moment = moment }

    override var typeName: String { "datetime" }
    override var isTruthy: Bool { true }
    override var description: String { MomentFormat.format(moment, "%Y-%m-%d %H:%M:%S") + "+00:00" }
    override func isEqual(to other: Object) -> Bool { (other as? MomentObject)?.moment == moment }
    override func hash(into hasher: inout Hasher) { hasher.combine(moment) }
    override func formatted(_ specification: String) throws -> String? { MomentFormat.format(moment, specification) }

    override func compare(to other: Value) throws -> Int? {
        guard case .object(let object) = other, let other = object as? MomentObject else { return nil }
        return moment < other.moment ? -1 : moment == other.moment ? 0 : 1
    }

    override func combine(_ operation: BinaryOperator, _ other: Value, isLeft: Bool) throws -> Value? {
        guard case .object(let object) = other else { return nil }
        if let span = object as? SpanObject {
            switch operation {
            case .add: return .object(MomentObject(moment + span.span))
            case .subtract where isLeft: return .object(MomentObject(moment - span.span))
            default: return nil
            }
        }
        guard operation == .subtract, isLeft, let other = object as? MomentObject else { return nil }
        return .object(SpanObject(moment - other.moment))
    }

    override func attribute(_ name: String, _ runtime: Runtime) throws -> Value? {
        let civil = CivilTime(secondsSince1970: moment.seconds)
        switch name {
        case "year": return .int(civil.year)
        case "month": return .int(civil.month)
        case "day": return .int(civil.day)
        case "hour": return .int(civil.hour)
        case "minute": return .int(civil.minute)
        case "second": return .int(civil.second)
        case "int_timestamp": return .int(Int(moment.seconds))
        case "timestamp": return .function(name) { [moment] _, _ in .double(Double(moment.microseconds) / 1e6) }
        case "isoformat", "to_iso8601_string": return .function(name) { [moment] _, _ in .string(MomentFormat.iso(moment)) }
        case "to_date_string": return .function(name) { [moment] _, _ in .string(MomentFormat.format(moment, "%Y-%m-%d")) }
        case "date": return .function(name) { [moment] _, _ in .string(MomentFormat.format(moment, "%Y-%m-%d")) }
        case "weekday": return .function(name) { _, _ in .int((civil.weekday + 6) % 7) }
        case "strftime":
            return .function(name) { [moment] arguments, _ in
                .string(MomentFormat.format(moment, try arguments.string(0, "format", of: name)))
            }
        case "add", "subtract":
            return .function(name) { [moment] arguments, _ in .object(try Self.moved(moment, name, arguments)) }
        default: return nil
        }
    }

    private static func moved(_ moment: Timestamp, _ name: String, _ arguments: Arguments) throws -> MomentObject {
        let sign = name == "add" ? 1 : -1
        var civil = CivilTime(secondsSince1970: moment.seconds)
        func count(_ unit: String) throws -> Int { sign * (try arguments.int(99, unit, default: 0, of: name)) }
        let months = civil.year * 12 + civil.month - 1 + (try count("years")) * 12 + (try count("months"))
        civil.year = months / 12
        civil.month = months % 12 + 1
        // The 31st of a shorter month is its last day.
        while CivilTime(secondsSince1970: civil.secondsSince1970).month != civil.month { civil.day -= 1 }
        let days = try count("days") + 7 * (try count("weeks"))
        let seconds = try count("hours") * 3600 + (try count("minutes")) * 60 + (try count("seconds"))
        let fraction = moment.microseconds - moment.seconds * 1_000_000
        let whole = civil.secondsSince1970 + Int64(days * 86_400 + seconds)
        return MomentObject(Timestamp(microseconds: whole * 1_000_000 + fraction))
    }
}

/// A length of time as templates see it.
final class SpanObject: Object {
    let span: Duration

    init(_ span: Duration) { self.span = span }

    override var typeName: String { "timedelta" }
    override var isTruthy: Bool { span != .zero }
    override var description: String { span.shortText }
    override func isEqual(to other: Object) -> Bool { (other as? SpanObject)?.span == span }

    override func attribute(_ name: String, _ runtime: Runtime) throws -> Value? {
        switch name {
        case "days": .int(Int(span.inMicroseconds / 86_400_000_000))
        case "total_seconds": .function(name) { [span] _, _ in .double(span.inSeconds) }
        default: nil
        }
    }
}

/// Moments as text, in UTC.
enum MomentFormat {
    /// `2026-01-31T00:00:00+00:00`, as Python writes it.
    static func iso(_ moment: Timestamp) -> String {
        let text = moment.description
        return String(text.dropLast()) + "+00:00"
    }

    private static let days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]

    /// The directives of Python's `strftime`; unknown ones stay as they are.
    static func format(_ moment: Timestamp, _ pattern: String) -> String {
        let civil = CivilTime(secondsSince1970: moment.seconds)
        var text = ""
        var characters = pattern.makeIterator()
        while let character = characters.next() {
            guard character == "%", let directive = characters.next() else {
                text.append(character)
                continue
            }
            switch directive {
            case "Y": text += padded(civil.year, 4)
            case "y": text += padded(civil.year % 100, 2)
            case "m": text += padded(civil.month, 2)
            case "d": text += padded(civil.day, 2)
            case "H": text += padded(civil.hour, 2)
            case "I": text += padded((civil.hour + 11) % 12 + 1, 2)
            case "p": text += civil.hour < 12 ? "AM" : "PM"
            case "M": text += padded(civil.minute, 2)
            case "S": text += padded(civil.second, 2)
            case "f": text += padded(Int(moment.microseconds - moment.seconds * 1_000_000), 6)
            case "j": text += padded(civil.days - CivilTime(year: civil.year, month: 1, day: 1).days + 1, 3)
            case "a": text += days[civil.weekday].prefix(3)
            case "A": text += days[civil.weekday]
            case "b": text += months[civil.month - 1].prefix(3)
            case "B": text += months[civil.month - 1]
            case "w": text += String(civil.weekday)
            case "s": text += String(moment.seconds)
            case "z": text += "+0000"
            case "Z": text += "UTC"
            case "F": text += format(moment, "%Y-%m-%d")
            case "T": text += format(moment, "%H:%M:%S")
            case "%": text += "%"
            default: text += "%\(directive)"
            }
        }
        return text
    }

    private static func padded(_ value: Int, _ width: Int) -> String {
        let text = String(value)
        return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
    }
}
