import Diagnostics
package import Documents
package import Foundation
package import Orchestrate

/// A source, a destination or a connection that was made while Leat runs, by API or page, instead of in leat.yml.
package struct Definition: Sendable, Hashable {
    package enum Kind: String, Sendable, CaseIterable {
        case source, destination, connection

        /// The key of leat.yml that such entries stand under.
        package var section: String { rawValue + "s" }
    }

    package let kind: Kind
    package let id: UUID
    package var name: String
    /// What would stand under the name in leat.yml, without templates: every text is meant as it is.
    package var content: JSON
    /// Another one after each change, over all definitions.
    package internal(set) var revision = 0
    package internal(set) var createdAt: Timestamp
    package internal(set) var updatedAt: Timestamp
    /// Why its secrets cannot be read; nil where they can.
    var lockedReason: String?
    /// Who changed it last.
    package internal(set) var author: String

    init(kind: Kind, id: UUID, name: String, content: JSON, author: String, at now: Timestamp = .now) {
        self.kind = kind
        self.id = id
        self.name = name
        self.content = content
        self.author = author
        createdAt = now
        updatedAt = now
    }

    /// The entry as the readers of leat.yml take it. Places are paths such as `sources.clients.config.port`.
    var member: YAMLNode.Member {
        let path = "\(kind.section).\(name)"
        return YAMLNode.Member(
            key: name, keyLocation: .init(file: path), value: YAMLNode(content, path: path))
    }
}

/// Where an entry of a project comes from.
package enum EntryOrigin: Sendable, Hashable {
    /// leat.yml, where alone it can be changed.
    case file
    /// A definition that was made while Leat runs.
    case made(id: UUID, revision: Int, createdAt: Timestamp)

    package var isFile: Bool { self == .file }
}

extension YAMLNode {
    /// A value without a file; its places are the paths to its parts.
    init(_ json: JSON, path: String) {
        let content: Content
        switch json {
        case .null: content = .null
        case .bool(let value): content = .bool(value)
        case .int(let value): content = .int(value)
        case .double(let value): content = .double(value)
        case .string(let value): content = .string(value)
        case .array(let items):
            content = .sequence(items.enumerated().map { YAMLNode($1, path: "\(path)[\($0)]") })
        case .object(let members):
            content = .mapping(
                members.entries.map { entry in
                    let path = "\(path).\(entry.key)"
                    return Member(key: entry.key, keyLocation: .init(file: path), value: YAMLNode(entry.value, path: path))
                })
        }
        self.init(content, at: .init(file: path))
    }
}
