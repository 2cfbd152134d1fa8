import Synchronization

/// Tells which macros say nothing while the project is parsed: they neither refer to anything nor configure, log or fail,
/// and so need not be run to learn what a node depends on.
final class InertMacros: Sendable {
    private let known = Mutex<[String: Bool]>([:])

    /// Words in a macro's source that make it worth running.
    private static let telling = [
        "ref(", "source(", "config", "var(", "doc(", "metric(", "function(", "exceptions", "builtins", "context", "graph",
        "model.", "model[",
        "caller", "log(", "print(", "adapter", "api.", "run_query", "statement", "load_", "env_var", "flags", "modules",
        "fromjson",
        "fromyaml", "selected_resources", "try_or",
    ]

    /// Built-in macros that look at the warehouse when they run, and at nothing while the project is parsed.
    private static let silent: Set<String> = [
        "macro.dbt.is_incremental", "macro.dbt.get_where_subquery", "macro.dbt.default__get_where_subquery",
        "macro.dbt.should_full_refresh",
    ]

    /// Whether the macro and all that it calls are inert.
    func contains(_ macro: MacroRecord, in library: MacroLibrary) -> Bool {
        if let answer = known.withLock({ $0[macro.id] }) { return answer }
        let closure = library.dependencies.closure(of: [macro], in: library)
        let answer = closure.allSatisfy { id in
            Self.silent.contains(id) || (library.macro(id: id).map(Self.isSilent) ?? false)
        }
        known.withLock { $0[macro.id] = answer }
        return answer
    }

    private static func isSilent(_ macro: MacroRecord) -> Bool {
        let source = macro.source.replacing("adapter.dispatch", with: "")
        return !telling.contains { source.contains($0) }
    }
}
