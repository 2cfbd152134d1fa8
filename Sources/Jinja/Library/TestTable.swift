/// The tests of an environment. It is used like a dictionary.
public struct TestTable: Sendable {
    /// The tests with what the parser knows of them.
    var table = FunctionTable(standard: Tests.standard)

    /// The test of the given name. Setting it replaces Jinja's own, setting nil removes it.
    public subscript(name: String) -> Test? {
        get { table[name]?.body }
        set { table[name] = newValue.map { TestBox($0) } }
    }

    /// The names of all tests.
    public var names: [String] { table.names }
}
