package import Diagnostics
package import Foundation

/// A definition that cannot be used as the project is now.
package struct DefinitionProblem: Sendable {
    package let kind: Definition.Kind
    package let id: UUID
    package let name: String
    package let error: any UserFacingError
}

extension LeatProject {
    /// Where the definitions of this project are kept.
    var definitionStore: DefinitionStore {
        DefinitionStore(
            path: definitionPath, secrets: ProjectSeal(keys: ProjectVault.keys(of: directory, environment: environment)))
    }

    var definitionPath: String { directory + "/.leat/definitions.db" }

    /// Puts `definitions` beside what the file says; those that do not fit become problems. Later ones see earlier kinds.
    mutating func merge(_ definitions: [Definition]) {
        sources.removeAll { !$0.origin.isFile }
        destinations.removeAll { !$0.origin.isFile }
        connections.removeAll { !$0.origin.isFile }
        definitionProblems = []
        for kind in [Definition.Kind.source, .destination, .connection] {
            for definition in definitions where definition.kind == kind {
                do {
                    if let reason = definition.lockedReason { throw ProjectError(.definitionsUnreadable, reason) }
                    try add(definition)
                } catch {
                    definitionProblems.append(
                        DefinitionProblem(
                            kind: kind, id: definition.id, name: definition.name,
                            error: error as? any UserFacingError ?? ProjectError(.badValue, "\(error)")))
                }
            }
        }
    }

    /// Seals the secrets of all definitions anew, with the key that is first now.
    /// - Returns: how many there were.
    package func resealDefinitions() throws -> Int { try definitionStore.reseal() }

    /// The same project with other definitions, if what stands in the file can do with them.
    func replacing(_ definitions: [Definition]) throws -> LeatProject {
        var project = self
        project.merge(definitions)
        try project.checkReferences()
        return project
    }

    private mutating func add(_ definition: Definition) throws {
        let origin = EntryOrigin.made(
            id: definition.id, revision: definition.revision, createdAt: definition.createdAt)
        let member = definition.member
        switch definition.kind {
        case .source:
            try checkFree(definition.name, definition.kind, among: sources.map(\.name))
            sources.append(try ConnectorEntry(member, role: "source", directory: directory, origin: origin))
        case .destination:
            try checkFree(definition.name, definition.kind, among: destinations.map(\.name))
            destinations.append(try ConnectorEntry(member, role: "destination", directory: directory, origin: origin))
        case .connection:
            try checkFree(definition.name, definition.kind, among: connections.map(\.name))
            let entry = try ConnectionEntry(member, origin: origin)
            _ = try source(entry.source, at: entry.sourceLocation)
            _ = try destination(entry.destination, at: entry.destinationLocation)
            connections.append(entry)
        }
    }

    private func checkFree(_ name: String, _ kind: Definition.Kind, among names: [String]) throws {
        guard names.contains(name) else { return }
        throw ProjectError(
            .conflict, "there is a \(kind.rawValue) '\(name)' already", hint: "choose another name")
    }
}

extension ConnectorEntry {
    /// A source's or destination's id: always the same for an entry of leat.yml.
    package func id(as kind: Definition.Kind) -> UUID {
        if case .made(let id, _, _) = origin { return id }
        return EntryID.of(kind.rawValue, name)
    }
}

extension ConnectionEntry {
    /// Always the same for an entry of leat.yml.
    package var id: UUID {
        if case .made(let id, _, _) = origin { return id }
        return EntryID.of(Definition.Kind.connection.rawValue, name)
    }
}
