/// `cycler(...)`: goes round its items.
final class Cycler: Object {
    private let items: [Value]
    private var position = 0

    init(_ items: [Value]) { self.items = items }

    override var typeName: String { "Cycler" }

    override func attribute(_ name: String, _ runtime: Runtime) throws -> Value? {
        switch name {
        case "current": items[position]
        case "next", "reset": .object(BoundMethod(of: .object(self), name))
        case "pos": .int(position)
        case "items": .tuple(Tuple(items))
        default: nil
        }
    }

    override func callMethod(_ name: String, _ arguments: Arguments, _ runtime: Runtime) throws -> Value? {
        switch name {
        case "next":
            defer { position = (position + 1) % items.count }
            return items[position]
        case "reset":
            position = 0
            return Value.none
        default: return nil
        }
    }
}
