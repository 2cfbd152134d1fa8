import Documents
import Jinja

/// What a template calls while it is rendered for the first time.
final class ParseCapture {
    var refs: [RefCall] = []
    var sources: [SourceCall] = []
    /// Calls of `metric()`: a name, or a package and a name.
    var metrics: [[String]] = []
    /// The merged arguments of `config()`.
    var config = JSON.Members()
    /// The last value of each argument, unmerged.
    var last = JSON.Members()
    var macros: [String] = []
    /// Calls of `function()`.
    var functions: [RefCall] = []

    func add(_ ref: RefCall) { refs.append(ref) }
    func add(_ source: SourceCall) { sources.append(source) }
    func addFunction(_ call: RefCall) { if !functions.contains(call) { functions.append(call) } }
    func add(macro id: String) { if !macros.contains(id) { macros.append(id) } }

    func add(config members: JSON.Members) {
        var merged = NodeConfig(config)
        merged.merge(members)
        config = merged.values
        for entry in members.entries { last[entry.key] = entry.value }
    }

    /// The arguments of a `config()` in a template.
    func add(call arguments: [(name: String, value: Value)]) {
        add(config: JSON.Members(pairs: arguments.map { ($0.name, JSON($0.value)) }))
    }
}
