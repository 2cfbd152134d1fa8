import OrderedCollections

/// A dict literal.
package final class DictExpression: Expression, @unchecked Sendable {
    package let pairs: [(key: Expression, value: Expression)]

    init(_ pairs: [(key: Expression, value: Expression)], offset: Int) {
        self.pairs = pairs
        super.init(offset: offset)
    }

    override func evaluate(_ frame: Frame, _ runtime: Runtime) throws -> Value {
        let dict = Dict()
        for pair in pairs {
            let key = try pair.key.evaluate(frame, runtime)
            let value = try pair.value.evaluate(frame, runtime)
            dict.storage[try locating(frame) { try key.hashable() }] = value
        }
        return .dict(dict)
    }

    override package var constant: Value? {
        let dict = Dict()
        for pair in pairs {
            guard let key = pair.key.constant, key.isHashable, let value = pair.value.constant else { return nil }
            dict.storage[key] = value
        }
        return .dict(dict)
    }

    override package func visitChildren(_ visit: (Node) -> Void) {
        for pair in pairs {
            visit(pair.key)
            visit(pair.value)
        }
    }
    override var targetDescription: String { "dict" }
}
