import Jinja

/// Python's `timedelta`.
final class TimeDeltaObject: MethodObject {
    let microseconds: Int

    init(microseconds: Int) { self.microseconds = microseconds }

    convenience init(_ arguments: Arguments) {
        let units: [(name: String, size: Double)] = [
            ("days", 86_400_000_000), ("seconds", 1_000_000), ("microseconds", 1), ("milliseconds", 1000),
            ("minutes", 60_000_000),
            ("hours", 3_600_000_000), ("weeks", 604_800_000_000),
        ]
        var total = 0.0
        for (index, unit) in units.enumerated() {
            total += (arguments.value(index, unit.name)?.doubleValue ?? 0) * unit.size
        }
        self.init(microseconds: Int(total))
    }

    override var typeName: String { "timedelta" }
    override var isTruthy: Bool { microseconds != 0 }
    override var description: String {
        let days = Int((Double(microseconds) / 86_400_000_000).rounded(.down))
        let time = DateTime(microseconds: microseconds - days * 86_400_000_000)
        let clock = "\(time.hour):\(DateTime.padded(time.minute, 2)):\(DateTime.padded(time.second, 2))"
        return days == 0 ? clock : "\(days) day\(abs(days) == 1 ? "" : "s"), \(clock)"
    }
    override func isEqual(to other: Object) -> Bool { (other as? TimeDeltaObject)?.microseconds == microseconds }
    override func hash(into hasher: inout Hasher) { hasher.combine(microseconds) }

    override func compare(to other: Value) throws -> Int? {
        (other.objectValue as? TimeDeltaObject).map {
            microseconds < $0.microseconds ? -1 : microseconds > $0.microseconds ? 1 : 0
        }
    }

    override func combine(_ operation: BinaryOperator, _ other: Value, isLeft: Bool) throws -> Value? {
        if let other = other.objectValue as? TimeDeltaObject {
            switch operation {
            case .add: return .object(TimeDeltaObject(microseconds: microseconds + other.microseconds))
            case .subtract:
                return .object(TimeDeltaObject(microseconds: (microseconds - other.microseconds) * (isLeft ? 1 : -1)))
            default: return nil
            }
        }
        guard operation == .multiply, let factor = other.doubleValue else { return nil }
        return .object(TimeDeltaObject(microseconds: Int(Double(microseconds) * factor)))
    }

    override func field(_ name: String, _ runtime: Runtime) throws -> Value? {
        let days = Int((Double(microseconds) / 86_400_000_000).rounded(.down))
        switch name {
        case "days": return .int(days)
        case "seconds": return .int((microseconds - days * 86_400_000_000) / 1_000_000)
        case "microseconds": return .int((microseconds - days * 86_400_000_000) % 1_000_000)
        default: return nil
        }
    }

    override var methods: Set<String> { ["total_seconds"] }

    override func invoke(_ method: String, _ arguments: Arguments, _ runtime: Runtime) throws -> Value {
        .double(Double(microseconds) / 1_000_000)
    }
}
