import OrderedCollections

/// The live views that `keys`, `values` and `items` of a dict give.
final class DictView: Object {
    /// What a view shows.
    enum Kind: String {
        case keys, values, items
    }

    private let dict: Dict
    private let kind: Kind

    init(_ dict: Dict, _ kind: Kind) {
        self.dict = dict
        self.kind = kind
    }

    override var typeName: String { "dict_\(kind.rawValue)" }
    override var length: Int? { dict.count }

    override var repr: String { "\(typeName)(\(Value.list(List(elements)).pythonRepr))" }

    private var elements: [Value] {
        switch kind {
        case .keys: dict.storage.keys.elements
        case .values: dict.storage.values.elements
        case .items: dict.storage.map { .tuple(Tuple($0.key, $0.value)) }
        }
    }

    /// The keys and the values of ``Kind/items``, as they are now.
    typealias Pairs = (keys: [Value], values: [Value])

    /// The keys and the values when this shows both.
    var pairs: Pairs? { kind == .items ? (dict.storage.keys.elements, dict.storage.values.elements) : nil }

    override func iterate() throws -> [Value]? { elements }

    override func contains(_ value: Value) throws -> Bool? {
        kind == .keys ? dict.storage[try value.hashable()] != nil : nil
    }

    override func isEqual(to other: Object) -> Bool {
        guard let other = other as? DictView, kind != .values, other.kind == kind else { return false }
        return Set(elements) == Set(other.elements)
    }

    override func combine(_ operation: BinaryOperator, _ other: Value, isLeft: Bool) throws -> Value? {
        guard isLeft, operation == .subtract, kind != .values else { return nil }
        let removed = Set(try other.iterate())
        return .set(ValueSet(elements.filter { !removed.contains($0) }))
    }
}
