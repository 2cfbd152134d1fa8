/// Filters or tests by name.
///
/// It is used like a dictionary. Besides, it knows which of its entries are Jinja's own, whose meaning the parser may
/// rely on.
public struct FunctionTable<Body: Sendable>: Sendable {
    private var bodies: [String: Body]
    private var standard: [String: StandardFunction<Body>]

    init(standard: [String: StandardFunction<Body>]) {
        self.standard = standard
        bodies = standard.mapValues(\.checked)
    }

    /// The function of the given name. Setting nil removes it.
    public subscript(name: String) -> Body? {
        get { bodies[name] }
        set {
            bodies[name] = newValue
            standard[name] = nil
        }
    }

    /// The names of all functions.
    public var names: [String] { bodies.keys.sorted() }

    /// Jinja's own function of the given name, unless the host has replaced it.
    func standard(_ name: String) -> StandardFunction<Body>? { standard[name] }
}
