/// `namespace(...)`: an object whose attributes `set` can change from inner scopes.
public final class Namespace: Object {
    /// The names in the order of their first assignment. There are few, so they are searched one by one.
    @exclusivity(unchecked) private var names: [Value] = []
    @exclusivity(unchecked) private var values: [Value] = []

    /// Makes a namespace with the given attributes.
    public init(_ pairs: [(String, Value)] = []) {
        super.init()
        for (name, value) in pairs { self[name] = value }
    }

    /// The attribute of the given name. Setting nil changes nothing.
    public subscript(name: String) -> Value? {
        get { withUnsafePointer(to: .string(name)) { pointer(for: $0)?.pointee } }
        set { if let newValue { withUnsafePointer(to: .string(name)) { set(newValue, for: $0) } } }
    }

    /// Where the attribute of a name is, which is a string; valid until the namespace changes.
    func pointer(for name: UnsafePointer<Value>) -> UnsafePointer<Value>? {
        guard let index = position(name) else { return nil }
        return values.withUnsafeBufferPointer { $0.baseAddress.map { $0 + index } }
    }

    /// Sets the attribute of a name, which is a string.
    func set(_ value: Value, for name: UnsafePointer<Value>) {
        if let index = position(name) {
            values[index] = value
        } else {
            names.append(name.pointee)
            values.append(value)
        }
    }

    /// Short strings with the same bits are the same, which is quickly seen.
    private func position(_ name: UnsafePointer<Value>) -> Int? {
        let found = names.withUnsafeBufferPointer { names -> Int? in
            guard let first = names.baseAddress else { return nil }
            for index in 0..<names.count where Value.haveSameBits(first + index, name) { return index }
            return nil
        }
        return found ?? names.firstIndex(of: name.pointee)
    }

    override public var typeName: String { "Namespace" }
    override public var repr: String {
        "<Namespace \(Value.dict(Dict(zip(names, values))).pythonRepr)>"
    }
    override public func attribute(_ name: String, _ runtime: Runtime) throws -> Value? { self[name] }
    override public func item(_ key: Value, _ runtime: Runtime) throws -> Value? { key.stringValue.flatMap { self[$0] } }

    /// Whether an attribute holds other values.
    var holdsContainers: Bool { values.contains(where: \.isContainer) }

    /// Takes the attributes out of a namespace that nobody else holds.
    func takeValues() -> [Value] {
        defer { (names, values) = ([], []) }
        return values
    }

    deinit { Teardown.release(&values) }
}
