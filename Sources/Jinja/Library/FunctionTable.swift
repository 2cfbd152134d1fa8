/// Functions by name. Besides, it knows which of them are Jinja's own, whose meaning the parser may rely on.
struct FunctionTable<Box: AnyObject & Sendable>: Sendable {
    private var entries: [String: FunctionEntry<Box>]

    init(standard: [String: FunctionEntry<Box>]) { entries = standard }

    /// The function of the given name. Setting it replaces Jinja's own, setting nil removes it.
    subscript(name: String) -> Box? {
        get { entries[name]?.box }
        set { entries[name] = newValue.map { FunctionEntry($0) } }
    }

    /// The names of all functions.
    var names: [String] { entries.keys.sorted() }

    /// The function of the given name with what is known of it.
    func entry(_ name: String) -> FunctionEntry<Box>? { entries[name] }
}
