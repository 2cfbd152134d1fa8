package import Connectors
package import Records

/// The sources and destinations of a project, one by one.
package struct ProjectConnectors: Sendable {
    /// What a check of one of them found.
    package struct Check: Sendable {
        package let role: ConnectorSpec.Role
        package let name: String
        package let connector: ConnectorReference
        package let result: Result<CheckReport, any Error>
    }

    private let project: LeatProject
    private let registry: ConnectorRegistry

    package init(_ project: LeatProject, registry: ConnectorRegistry = .builtIn) {
        self.project = project
        self.registry = registry
    }

    /// Reaches, side by side, all sources and destinations, or those called `name`, and looks at what they may do.
    /// - Throws: `ProjectError` where there are none. What a check finds is in its result.
    package func check(_ name: String? = nil) async throws -> [Check] {
        let chosen = entries.filter { name == nil || $0.1.name == name }
        if let name, chosen.isEmpty {
            throw ProjectError.unknown("source or destination", name, among: entries.map(\.1.name))
        }
        guard !chosen.isEmpty else {
            throw ProjectError(.nothingToDo, "\(LeatProject.fileName) names no sources and no destinations")
        }
        return await withTaskGroup(of: (Int, Check).self) { group in
            for (index, (role, entry)) in chosen.enumerated() {
                group.addTask { (index, await check(entry, as: role)) }
            }
            var checks: [(Int, Check)] = []
            for await check in group { checks.append(check) }
            return checks.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }

    /// What is wrong with the connectors and configs, as far as that can be seen without connecting to anything or starting a program.
    package func problems() -> [any Error] {
        var problems: [any Error] = []
        for (role, entry) in entries {
            do {
                try make(entry, as: role)
            } catch {
                problems.append(error)
            }
        }
        return problems
    }

    private func make(_ entry: ConnectorEntry, as role: ConnectorSpec.Role) throws {
        switch role {
        case .source: _ = try source(entry)
        case .destination: _ = try destination(entry)
        }
    }

    private var entries: [(ConnectorSpec.Role, ConnectorEntry)] {
        project.sources.map { (ConnectorSpec.Role.source, $0) }
            + project.destinations.map { (ConnectorSpec.Role.destination, $0) }
    }

    private func check(_ entry: ConnectorEntry, as role: ConnectorSpec.Role) async -> Check {
        var result: Result<CheckReport, any Error>
        do {
            switch role {
            case .source: result = .success(try await source(entry).check())
            case .destination: result = .success(try await destination(entry).check())
            }
        } catch {
            result = .failure(error)
        }
        return Check(role: role, name: entry.name, connector: entry.connector, result: result)
    }

    /// What the source called `name` offers.
    /// - Parameter streams: only these; all where it is empty.
    /// - Throws: `ProjectError` for a name that there is not, `ConnectorError` from the source.
    package func discover(_ name: String, only streams: [String] = []) async throws -> Catalog {
        let catalog = try await source(try project.source(name)).discover()
        guard !streams.isEmpty else { return catalog }
        do {
            return try catalog.only(streams)
        } catch {
            throw ProjectError.unknown("stream", error.name, among: error.known, of: "source '\(name)'")
        }
    }

    private func destination(_ entry: ConnectorEntry) throws -> any Destination {
        try entry.located { () throws(ConnectorError) in
            try registry.destination(named: entry.name, connector: entry.connector, config: entry.config)
        }
    }

    private func source(_ entry: ConnectorEntry) throws -> any Source {
        try entry.located { () throws(ConnectorError) in
            try registry.source(named: entry.name, connector: entry.connector, config: entry.config)
        }
    }
}
