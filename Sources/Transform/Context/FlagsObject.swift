import Documents
import Jinja

/// `flags`: what the command line said, in capitals.
final class FlagsObject: MethodObject {
    private let members: JSON.Members

    init(_ members: JSON.Members) { self.members = members }

    override var typeName: String { "Flags" }
    override var isTruthy: Bool { true }
    override var methods: Set<String> { ["get"] }

    override func field(_ name: String, _ runtime: Runtime) throws -> Value? {
        members[name].map { Value($0) } ?? members[name.uppercased()].map { Value($0) }
    }

    override func invoke(_ method: String, _ arguments: Arguments, _ runtime: Runtime) throws -> Value {
        try field(try arguments.string(0, "name", of: method), runtime) ?? arguments.value(1, "default") ?? .none
    }
}
