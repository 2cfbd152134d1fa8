/// The filters of an environment. It is used like a dictionary.
public struct FilterTable: Sendable {
    /// The filters with what the parser knows of them.
    var table = FunctionTable(standard: Filters.standard)

    /// The filter of the given name. Setting it replaces Jinja's own, setting nil removes it.
    public subscript(name: String) -> Filter? {
        get { table[name]?.body }
        set { table[name] = newValue.map { FilterBox($0) } }
    }

    /// The names of all filters.
    public var names: [String] { table.names }
}
