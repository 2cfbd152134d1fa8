import Synchronization

/// What exists in the schemas of an invocation, kept up to date as nodes create, rename and drop relations.
///
/// Filled by one query for the whole database; shared by all workers.
final class RelationCache: Sendable {
    private struct State {
        var relations: [RelationKey: Relation] = [:]
        /// What is built on what: dropping the key with `cascade` takes the values along.
        var dependents: [RelationKey: Set<RelationKey>] = [:]
        var schemas: Set<String> = []
        /// The schemas whose relations are known. Others are asked for when they are needed.
        var known: Set<String> = []

        mutating func set(_ key: RelationKey, _ relation: Relation?, in change: inout Change) {
            change.relations.append((key, relations[key]))
            relations[key] = relation
        }

        mutating func setDependents(of key: RelationKey, _ keys: Set<RelationKey>?, in change: inout Change) {
            guard keys != nil || dependents[key] != nil else { return }
            change.dependents.append((key, dependents[key]))
            dependents[key] = keys
        }
    }

    /// What was there before a change.
    struct Change: Sendable {
        fileprivate var relations: [(RelationKey, Relation?)] = []
        fileprivate var dependents: [(RelationKey, Set<RelationKey>?)] = []
    }

    private let state = Mutex(State())
    /// Whose turn it is to drop something with all that is built on it.
    let cascades = CascadeTurn()

    func isKnown(schema: String) -> Bool { state.withLock { $0.known.contains(schema.lowercased()) } }
    func hasSchema(_ schema: String) -> Bool { state.withLock { $0.schemas.contains(schema) } }
    func addSchema(_ schema: String) { state.withLock { _ = $0.schemas.insert(schema) } }

    /// All relations of a schema.
    func relations(in schema: String) -> [Relation] {
        state.withLock { state in
            state.relations.filter { $0.key.schema == schema.lowercased() }
                .sorted { $0.key.identifier < $1.key.identifier }.map(\.value)
        }
    }

    func relation(_ key: RelationKey) -> Relation? { state.withLock { $0.relations[key] } }

    /// Replaces what is known of the schemas.
    func fill(
        schemas: Set<String>, existing: Set<String>, relations: [Relation], links: [(dependent: RelationKey, on: RelationKey)]
    ) {
        state.withLock { state in
            state.known.formUnion(schemas.map { $0.lowercased() })
            state.schemas.formUnion(existing)
            for relation in relations {
                if let key = RelationKey(relation) { state.relations[key] = relation }
            }
            for link in links { state.dependents[link.on, default: []].insert(link.dependent) }
        }
    }

    @discardableResult
    func add(_ relation: Relation) -> Change {
        guard let key = RelationKey(relation) else { return Change() }
        return state.withLock { state in
            var change = Change()
            state.set(key, relation, in: &change)
            return change
        }
    }

    /// Forgets a relation and all that is built on it.
    @discardableResult
    func drop(_ relation: Relation) -> Change {
        guard let key = RelationKey(relation) else { return Change() }
        return state.withLock { state in
            var change = Change()
            var pending = [key]
            while let next = pending.popLast() {
                state.set(next, nil, in: &change)
                pending += state.dependents[next] ?? []
                state.setDependents(of: next, nil, in: &change)
            }
            return change
        }
    }

    func dropSchema(_ schema: String) {
        state.withLock { state in
            state.schemas.remove(schema)
            state.relations = state.relations.filter { $0.key.schema != schema.lowercased() }
        }
    }

    /// A relation keeps what is built on it when it gets another name.
    @discardableResult
    func rename(_ old: Relation, to new: Relation) -> Change {
        guard let oldKey = RelationKey(old), let newKey = RelationKey(new) else { return Change() }
        return state.withLock { state in
            var change = Change()
            state.set(oldKey, nil, in: &change)
            state.set(newKey, new, in: &change)
            if let dependents = state.dependents[oldKey] {
                state.setDependents(of: oldKey, nil, in: &change)
                state.setDependents(of: newKey, dependents, in: &change)
            }
            for (key, dependents) in state.dependents where dependents.contains(oldKey) {
                state.setDependents(of: key, dependents.subtracting([oldKey]).union([newKey]), in: &change)
            }
            return change
        }
    }

    /// Takes changes back, the last one first: what they stood for was rolled back.
    func undo(_ changes: [Change]) {
        state.withLock { state in
            for change in changes.reversed() {
                for (key, relation) in change.relations.reversed() { state.relations[key] = relation }
                for (key, dependents) in change.dependents.reversed() { state.dependents[key] = dependents }
            }
        }
    }
}
