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
    }

    private let state = Mutex(State())

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

    func add(_ relation: Relation) {
        guard let key = RelationKey(relation) else { return }
        state.withLock { $0.relations[key] = relation }
    }

    /// Forgets a relation and all that is built on it.
    func drop(_ relation: Relation) {
        guard let key = RelationKey(relation) else { return }
        state.withLock { state in
            var pending = [key]
            while let next = pending.popLast() {
                state.relations[next] = nil
                pending += state.dependents.removeValue(forKey: next) ?? []
            }
        }
    }

    func dropSchema(_ schema: String) {
        state.withLock { state in
            state.schemas.remove(schema)
            state.relations = state.relations.filter { $0.key.schema != schema.lowercased() }
        }
    }

    /// A relation keeps what is built on it when it gets another name.
    func rename(_ old: Relation, to new: Relation) {
        guard let oldKey = RelationKey(old), let newKey = RelationKey(new) else { return }
        state.withLock { state in
            state.relations[oldKey] = nil
            state.relations[newKey] = new
            if let dependents = state.dependents.removeValue(forKey: oldKey) { state.dependents[newKey] = dependents }
            for (key, dependents) in state.dependents where dependents.contains(oldKey) {
                state.dependents[key]?.remove(oldKey)
                state.dependents[key]?.insert(newKey)
            }
        }
    }
}
