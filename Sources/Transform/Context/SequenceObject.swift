import Jinja

/// A sequence that can also be asked by key: agate's `MappedSequence`.
final class SequenceObject: MethodObject {
    private let elements: [Value]
    private let keys: [String]?

    init(_ elements: [Value], keys: [String]?) {
        self.elements = elements
        self.keys = keys
    }

    override var typeName: String { "MappedSequence" }
    override var length: Int? { elements.count }
    override var isTruthy: Bool { !elements.isEmpty }
    override func iterate() throws -> [Value]? { elements }

    override func item(_ key: Value, _ runtime: Runtime) throws -> Value? {
        if let index = key.intValue {
            let position = index < 0 ? elements.count + index : index
            return elements.indices.contains(position) ? elements[position] : nil
        }
        guard let name = key.stringValue, let index = keys?.firstIndex(of: name) else { return nil }
        return elements[index]
    }

    override var methods: Set<String> { ["values", "keys", "items", "get"] }

    override func invoke(_ method: String, _ arguments: Arguments, _ runtime: Runtime) throws -> Value {
        switch method {
        case "values": .tuple(Tuple(elements))
        case "keys": .tuple(Tuple((keys ?? []).map { .string($0) }))
        case "items": .list(List(zip(keys ?? [], elements).map { .tuple(Tuple([.string($0), $1])) }))
        default: try arguments.value(0, "key").flatMap { try item($0, runtime) } ?? .none
        }
    }
}
