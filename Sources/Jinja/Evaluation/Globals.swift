/// Variables that the host provides by name while a template runs.
public protocol Globals {
    /// The value of a name, nil when it does not exist.
    func value(named name: String) throws -> Value?
}

extension Dictionary: Globals where Key == String, Value == Jinja.Value {
    /// The value under the name.
    public func value(named name: String) throws -> Jinja.Value? { self[name] }
}

extension Dict: Globals {
    /// The value under the name.
    public func value(named name: String) throws -> Value? { self[name] }
}
