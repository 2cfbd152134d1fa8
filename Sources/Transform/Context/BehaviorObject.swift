import Documents
import Jinja

/// `adapter.behavior`: the project's behaviour flags, each true, false or with `.no_warn`.
final class BehaviorObject: MethodObject {
    private let flags: JSON.Members

    init(_ flags: JSON.Members) { self.flags = flags }

    override var typeName: String { "Behavior" }
    override var isTruthy: Bool { true }

    override func field(_ name: String, _ runtime: Runtime) throws -> Value? {
        .object(BehaviorFlag(isOn: flags[name]?.bool ?? false))
    }
}

/// One behaviour flag.
final class BehaviorFlag: MethodObject {
    private let isOn: Bool

    init(isOn: Bool) { self.isOn = isOn }

    override var typeName: String { "BehaviorFlag" }
    override var isTruthy: Bool { isOn }
    override var description: String { isOn ? "True" : "False" }
    override func field(_ name: String, _ runtime: Runtime) throws -> Value? {
        name == "no_warn" || name == "setting" ? .bool(isOn) : nil
    }
}
