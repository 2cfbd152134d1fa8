/// An undefined that fails on every use except `is defined` and `default`.
public final class StrictUndefined: Undefined {
    override public func text() throws -> String { throw error }
    override public func truth() throws -> Bool { throw error }
    override public func iterate() throws -> [Value] { throw error }
    override public func length() throws -> Int { throw error }
    override public func isEqual(to other: Undefined) throws -> Bool { throw error }
    override public func checkComparison() throws { throw error }
}
