import Foundation
import Jinja

/// A zone of `modules.pytz`.
final class TimeZoneObject: MethodObject {
    let name: String
    private let zone: TimeZone

    init?(_ name: String) {
        guard let zone = TimeZone(identifier: name) else { return nil }
        self.name = name
        self.zone = zone
    }

    /// Seconds east of Greenwich, now.
    var offset: Int { zone.secondsFromGMT() }

    override var typeName: String { "timezone" }
    override var description: String { name }
    override var isTruthy: Bool { true }
    override var methods: Set<String> { ["localize", "normalize"] }

    override func field(_ name: String, _ runtime: Runtime) throws -> Value? { name == "zone" ? .string(self.name) : nil }

    override func invoke(_ method: String, _ arguments: Arguments, _ runtime: Runtime) throws -> Value {
        guard let time = try arguments.required(0, "dt", of: method).objectValue as? DateTimeObject else { return .none }
        return .object(DateTimeObject(DateTime(microseconds: time.value.microseconds, offset: offset), kind: .datetime))
    }
}
