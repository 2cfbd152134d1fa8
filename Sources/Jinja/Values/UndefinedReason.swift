/// What was looked for when a value came out undefined.
public enum UndefinedReason: Sendable {
    /// A variable.
    case name(String)
    /// An attribute of a value of the given type.
    case attribute(String, of: String)
    /// An item of a value of the given type; the key as Python prints it.
    case item(String, of: String)
    /// Anything else, in words; the name is what the value would have been called.
    case hint(String, name: String? = nil)

    /// The message of the error.
    public var message: String {
        switch self {
        case .name(let name): "\(quoted(name)) is undefined"
        case .attribute(let name, let type): "\(quoted(type)) has no attribute \(quoted(name))"
        case .item(let key, let type): "\(type) has no element \(key)"
        case .hint(let text, _): text
        }
    }

    /// The name that was looked for, as far as there is one.
    public var name: String? {
        switch self {
        case .name(let name), .attribute(let name, _): name
        case .item(let key, _): key
        case .hint(_, let name): name
        }
    }

    private func quoted(_ text: String) -> String { Value.string(text).pythonRepr }
}
