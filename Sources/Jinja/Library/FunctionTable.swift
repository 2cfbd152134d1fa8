/// Functions by name. Besides, it knows which of them are Jinja's own, whose meaning the parser may rely on.
struct FunctionTable<Box: Sendable>: Sendable {
    private var boxes: [String: Box]
    private var standard: [String: StandardFunction<Box>]

    init(standard: [String: StandardFunction<Box>]) {
        self.standard = standard
        boxes = standard.mapValues(\.checked)
    }

    /// The function of the given name. Setting it replaces Jinja's own, setting nil removes it.
    subscript(name: String) -> Box? {
        get { boxes[name] }
        set {
            boxes[name] = newValue
            standard[name] = nil
        }
    }

    /// The names of all functions.
    var names: [String] { boxes.keys.sorted() }

    /// Jinja's own function of the given name, unless the host has replaced it.
    func standard(_ name: String) -> StandardFunction<Box>? { standard[name] }

    /// The function for the arguments of a call.
    func fitting(_ name: String, _ arguments: CallArguments) -> Box? { standard[name]?.fitting(arguments) ?? boxes[name] }
}
