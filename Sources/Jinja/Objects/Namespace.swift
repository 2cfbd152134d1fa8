/// `namespace(...)`: an object whose attributes `set` can change from inner scopes.
public final class Namespace: Object {
    /// The names in the order of their first assignment. There are few, so they are searched one by one.
    @exclusivity(unchecked) private var names: [String] = []
    @exclusivity(unchecked) private var values: [Value] = []

    /// Makes a namespace with the given attributes.
    public init(_ pairs: [(String, Value)] = []) {
        super.init()
        for (name, value) in pairs { self[name] = value }
    }

    /// The attribute of the given name. Setting nil changes nothing.
    public subscript(name: String) -> Value? {
        get { position(name).map { values[$0] } }
        set {
            guard let newValue else { return }
            if let index = position(name) {
                values[index] = newValue
            } else {
                names.append(name)
                values.append(newValue)
            }
        }
    }

    private func position(_ name: String) -> Int? { names.firstIndex { Text.equal($0, name) } }

    override public var typeName: String { "Namespace" }
    override public var repr: String {
        "<Namespace \(Value.dict(Dict(zip(names, values).map { (.string($0), $1) })).pythonRepr)>"
    }
    override public func attribute(_ name: String, _ runtime: Runtime) throws -> Value? { self[name] }
    override public func item(_ key: Value, _ runtime: Runtime) throws -> Value? { key.stringValue.flatMap { self[$0] } }

    deinit { Teardown.release(&values) }
}
