import Jinja

/// A macro by its name: its file is parsed when it is called for the first time.
final class MacroCallable: Object {
    let record: MacroRecord
    private unowned let context: NodeContext
    private var definition: MacroDefinition?

    init(_ record: MacroRecord, context: NodeContext) {
        self.record = record
        self.context = context
    }

    override var typeName: String { "macro" }
    override var isCallable: Bool { true }
    override var repr: String { "<macro \(record.id)>" }

    override func call(_ arguments: Arguments, _ runtime: Runtime) throws -> Value {
        // As in dbt, a node depends on the macros that it calls itself; what those call, they depend on.
        if context.macroDepth == 0 { context.capture?.add(macro: record.id) }
        context.macroDepth += 1
        defer { context.macroDepth -= 1 }
        return try runtime.call(try macro(runtime), arguments)
    }

    /// The macro for one runtime: its file's variables live no longer than that.
    private func macro(_ runtime: Runtime) throws -> Value {
        if let definition { return try runtime.bind(definition) }
        guard let found = try record.file.definition(named: record.name) else {
            throw TransformError(.compilation, "\(record.file.displayPath) holds no macro '\(record.name)'")
        }
        definition = found
        return try runtime.bind(found)
    }
}
