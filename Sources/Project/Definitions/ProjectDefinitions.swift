package import Connectors
import Diagnostics
import Dispatch
package import Documents
package import Foundation
package import Orchestrate
package import Records

/// Makes, changes and removes sources, destinations and connections while Leat runs.
///
/// What is made is checked by the code that checks leat.yml, kept in the project's folder, and part of the project for every
/// command and for a running server. What stands in leat.yml is never touched.
///
/// ```swift
/// let definitions = ProjectDefinitions(current)
/// let source = try definitions.create(.source, name: "shop", content: ["connector": "postgres", "config": [...]], by: user)
/// ```
/// The work is done off the cooperative pool: it waits for the disk, and for name servers.
package struct ProjectDefinitions: Sendable {
    private let current: CurrentProject
    private let changed: @Sendable () -> Void

    /// - Parameter changed: called after each change, to wake a scheduler.
    package init(_ current: CurrentProject, changed: @escaping @Sendable () -> Void = {}) {
        self.current = current
        self.changed = changed
    }

    /// All definitions as they were made, also those that do not fit the project at the moment; with their secrets.
    package func all() async throws -> [Definition] { try await Self.blocking { try store.all() } }

    /// Whether `content` could be created under `name`: everything is checked, nothing is written.
    /// - Throws: as ``create(_:name:content:by:limits:)``.
    package func check(
        _ kind: Definition.Kind, name: String, content: JSON, limits: DefinitionLimits = .editor
    ) async throws {
        _ = try await Self.blocking { try draft(kind, name: name, content: content, limits) }
    }

    /// Makes a source, a destination or a connection.
    ///
    /// - Parameters:
    ///   - content: what would stand under the name in leat.yml; texts are not rendered.
    ///   - limits: what the author may define.
    /// - Throws: `ProjectError`, `DocumentError` or `ConnectorError` whose place is the path of the field, such as
    ///   `sources.shop.config.port`; with code `project.conflict` where the name is taken.
    @discardableResult
    package func create(
        _ kind: Definition.Kind, name: String, content: JSON, by author: Author, limits: DefinitionLimits = .editor
    ) async throws -> Definition {
        let made = try await Self.updating(store) { batch in
            let wanted = EntryID.of(kind.rawValue, name)
            let id = batch.definitions.contains { $0.id == wanted } ? UUID() : wanted
            var definition = Definition(kind: kind, id: id, name: name, content: content, author: author.name)
            definition.revision = batch.revision
            batch.definitions.append(definition)
            try check(definition, limits, among: batch.definitions)
            return definition
        }
        changed()
        return made
    }

    /// Gives a definition another name or another content. Connections that use it go on with it.
    ///
    /// - Parameter revision: the revision that the change was made from; nil changes whatever is there.
    /// - Throws: as ``create(_:name:content:by:limits:)``; with code `project.read_only` for an entry of leat.yml, and
    ///   `project.conflict` where it has another revision.
    @discardableResult
    package func update(
        _ kind: Definition.Kind, _ id: UUID, name: String? = nil, content: JSON, revision: Int? = nil, by author: Author,
        limits: DefinitionLimits = .editor
    ) async throws -> Definition {
        let made = try await Self.updating(store) { batch in
            guard let index = batch.definitions.firstIndex(where: { $0.id == id && $0.kind == kind }) else {
                throw unknown(kind, id)
            }
            var definition = batch.definitions[index]
            try check(revision, of: definition)
            let oldName = definition.name
            definition.name = name ?? oldName
            definition.content = content
            definition.revision = batch.revision
            definition.updatedAt = .now
            definition.author = author.name
            batch.definitions[index] = definition
            if kind != .connection, definition.name != oldName {
                try checkUnused(kind, oldName, by: "the file's connections use its name")
                rename(kind, oldName, to: definition.name, in: &batch)
            }
            try check(definition, limits, among: batch.definitions)
            return definition
        }
        changed()
        return made
    }

    /// Removes a definition; with a source or a destination go the connections that were made with it.
    /// - Throws: `ProjectError` with code `project.read_only` for an entry of leat.yml or one that leat.yml needs, or
    ///   `project.conflict` where it has another revision than the given one.
    package func remove(_ kind: Definition.Kind, _ id: UUID, revision: Int? = nil) async throws {
        try await Self.updating(store) { batch in
            guard let index = batch.definitions.firstIndex(where: { $0.id == id && $0.kind == kind }) else {
                throw unknown(kind, id)
            }
            let definition = batch.definitions.remove(at: index)
            try check(revision, of: definition)
            if kind != .connection {
                batch.definitions.removeAll { $0.kind == .connection && $0.content[kind.rawValue]?.string == definition.name }
            }
            do {
                _ = try current.project.replacing(batch.definitions)
            } catch let error as ProjectError {
                throw ProjectError(
                    .readOnly, "the \(kind.rawValue) '\(definition.name)' is needed: \(error.message)",
                    location: error.location, hint: "take it out of \(LeatProject.fileName) first")
            }
        }
        changed()
    }

    // MARK: Drafts

    /// Reaches a source or destination that is not kept yet, and looks at what it may do.
    /// - Throws: as ``create(_:name:content:by:limits:)``, or what the connector says.
    package func probe(
        _ kind: Definition.Kind, name: String, content: JSON, limits: DefinitionLimits = .editor
    ) async throws -> CheckReport {
        let project = try await Self.blocking { try draft(kind, name: name, content: content, limits) }
        let role: ConnectorSpec.Role = kind == .source ? .source : .destination
        let checks = try await ProjectConnectors(project).check(name).filter { $0.role == role }
        guard let check = checks.first else { throw ProjectError.unknown(kind.rawValue, name, among: []) }
        return try check.result.get()
    }

    /// What a source offers that is not kept yet.
    /// - Throws: as ``probe(_:name:content:limits:)``.
    package func discover(
        name: String, content: JSON, limits: DefinitionLimits = .editor
    ) async throws -> Catalog {
        let project = try await Self.blocking { try draft(.source, name: name, content: content, limits) }
        return try await ProjectConnectors(project).discover(name)
    }

    /// The project with one more definition, or with a definition as it would be.
    private func draft(
        _ kind: Definition.Kind, name: String, content: JSON, _ limits: DefinitionLimits
    ) throws -> LeatProject {
        let definition = Definition(kind: kind, id: UUID(), name: name, content: content, author: "")
        let others = try store.all().filter { $0.kind != kind || $0.name != name }
        try check(definition, limits, among: others + [definition])
        return try current.project.replacing(others + [definition])
    }

    // MARK: Off the pool

    private static let queue = DispatchQueue(label: "leat.definitions", qos: .userInitiated)

    private static func blocking<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result { try body() }) }
        }
    }

    private static func updating<T: Sendable>(
        _ store: DefinitionStore, _ change: @escaping @Sendable (inout DefinitionStore.Batch) throws -> T
    ) async throws -> T {
        try await blocking { try store.update(change) }
    }

    // MARK: Checks

    private var store: DefinitionStore { current.project.definitionStore }

    private func check(_ definition: Definition, _ limits: DefinitionLimits, among all: [Definition]) throws {
        try DefinitionName.check(definition)
        let project = try current.project.replacing(all)
        // Another definition of the same name may be the one that is left out.
        if let problem = project.definitionProblems.first(where: { $0.kind == definition.kind && $0.name == definition.name }) {
            throw problem.error
        }
        switch definition.kind {
        case .source: try limits.check(try project.source(definition.name), as: .source, in: project)
        case .destination: try limits.check(try project.destination(definition.name), as: .destination, in: project)
        case .connection: _ = try project.definition(of: try project.connection(definition.name))
        }
    }

    private func check(_ revision: Int?, of definition: Definition) throws {
        guard let revision, revision != definition.revision else { return }
        throw ProjectError(
            .conflict, "the \(definition.kind.rawValue) '\(definition.name)' has been changed meanwhile by \(definition.author)",
            hint: "read it again, and repeat the change")
    }

    private func checkUnused(_ kind: Definition.Kind, _ name: String, by what: String) throws {
        let uses = current.project.connections.filter {
            $0.origin.isFile && (kind == .source ? $0.source : $0.destination) == name
        }
        guard let first = uses.first else { return }
        throw ProjectError(
            .readOnly, "the \(kind.rawValue) '\(name)' cannot get another name: \(what)", location: first.location,
            hint: "change \(LeatProject.fileName) first")
    }

    private func rename(_ kind: Definition.Kind, _ old: String, to new: String, in batch: inout DefinitionStore.Batch) {
        for index in batch.definitions.indices where batch.definitions[index].kind == .connection {
            guard case .object(var members) = batch.definitions[index].content, members[kind.rawValue]?.string == old else {
                continue
            }
            members[kind.rawValue] = .string(new)
            batch.definitions[index].content = .object(members)
            batch.definitions[index].revision = batch.revision
        }
    }

    /// Why there is no definition with an id: the entry stands in leat.yml, or nowhere.
    private func unknown(_ kind: Definition.Kind, _ id: UUID) -> ProjectError {
        let project = current.project
        let names: [String]
        switch kind {
        case .source: names = project.sources.filter { $0.id(as: kind) == id }.map(\.name)
        case .destination: names = project.destinations.filter { $0.id(as: kind) == id }.map(\.name)
        case .connection: names = project.connections.filter { $0.id == id }.map(\.name)
        }
        guard let name = names.first else {
            return ProjectError(.unknownReference, "there is no \(kind.rawValue) with the id \(id.text)")
        }
        return ProjectError(
            .readOnly, "the \(kind.rawValue) '\(name)' stands in \(LeatProject.fileName)", hint: "change it in the file")
    }
}

/// What definitions may be called.
enum DefinitionName {
    /// - Throws: `ProjectError` with code `project.bad_value`.
    static func check(_ definition: Definition) throws {
        let name = definition.name
        let isShort = (1...100).contains(name.count)
        let isPlain = name.unicodeScalars.allSatisfy { scalar in
            !["/", "\\", "\u{2028}", "\u{2029}"].contains(scalar) && scalar.properties.generalCategory != .control
        }
        let isTrimmed = name.first?.isWhitespace == false && name.last?.isWhitespace == false && name.first != "."
        guard isShort, isPlain, isTrimmed else {
            throw ProjectError(
                .badValue, "that cannot be the name of a \(definition.kind.rawValue)",
                location: SourceLocation(file: "\(definition.kind.section).name"),
                hint: "use 1 to 100 characters without slashes, not beginning with a dot")
        }
    }
}
