import Documents

/// A call of `ref()`.
package struct RefCall: Sendable, Hashable {
    package var package: String?
    package var name: String
    package var version: String?
    /// Whether the version is written as a text.
    package var hasTextVersion = false

    package init(package: String? = nil, name: String, version: String? = nil) {
        self.package = package
        self.name = name
        self.version = version
    }

    var json: JSON {
        [
            "name": .string(name), "package": package.map(JSON.string) ?? .null,
            "version": version.map { hasTextVersion ? .string($0) : Self.versionJSON($0) } ?? .null,
        ]
    }

    static func versionJSON(_ text: String) -> JSON {
        Int(text).map(JSON.int) ?? Double(text).map(JSON.double) ?? .string(text)
    }
}

/// A call of `source()`.
package struct SourceCall: Sendable, Hashable {
    package var source: String
    package var table: String

    package init(source: String, table: String) {
        self.source = source
        self.table = table
    }

    var json: JSON { [.string(source), .string(table)] }
}
