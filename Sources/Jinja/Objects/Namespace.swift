import OrderedCollections

/// `namespace(...)`: an object whose attributes `set` can change from inner scopes.
public final class Namespace: Object {
    /// The attributes.
    var values: OrderedDictionary<String, Value> = [:]

    /// Makes a namespace with the given attributes.
    public init(_ pairs: [(String, Value)] = []) {
        for (name, value) in pairs { values[name] = value }
    }

    override public var typeName: String { "Namespace" }
    override public var repr: String {
        "<Namespace \(Value.dict(Dict(values.map { (.string($0.key), $0.value) })).pythonRepr)>"
    }
    override public func attribute(_ name: String, _ runtime: Runtime) throws -> Value? { values[name] }
    override public func item(_ key: Value, _ runtime: Runtime) throws -> Value? { key.stringValue.flatMap { values[$0] } }

    deinit {
        var contents = Array(values.values)
        values = [:]
        Teardown.release(&contents)
    }
}
