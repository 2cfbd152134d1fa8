import Documents

/// What a template calls while it is rendered for the first time.
final class ParseCapture {
    var refs: [RefCall] = []
    var sources: [SourceCall] = []
    /// The merged arguments of `config()`.
    var config = JSON.Members()
    /// The same without merging: what state comparison looks at.
    var unrendered = JSON.Members()
    var macros: [String] = []

    func add(_ ref: RefCall) { if !refs.contains(ref) { refs.append(ref) } }
    func add(_ source: SourceCall) { if !sources.contains(source) { sources.append(source) } }
    func add(macro id: String) { if !macros.contains(id) { macros.append(id) } }

    func add(config members: JSON.Members) {
        var merged = NodeConfig(config)
        merged.merge(members)
        config = merged.values
        for entry in members.entries { unrendered[entry.key] = entry.value }
    }
}
