/// An undefined whose attributes and items are itself, so that `a.b.c` prints as nothing.
public final class ChainableUndefined: Undefined {
    override public func attribute(_ name: String) throws -> Value { .undefined(self) }
    override public func item(_ key: Value) throws -> Value { .undefined(self) }
}
