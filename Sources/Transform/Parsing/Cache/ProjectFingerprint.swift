import Crypto
import Documents
import Foundation

/// A digest of everything that reading a project depends on: the contents of its files, the profile's target, variables,
/// the environment variables that its templates name, and the program itself.
struct ProjectFingerprint {
    private let world: RenderWorld
    private let packages: [Package]

    init(_ world: RenderWorld, packages: [Package]) {
        self.world = world
        self.packages = packages
    }

    /// What a project is like, as digests.
    struct Digest: Sendable, Equatable {
        /// Of everything.
        var whole: [UInt8]
        /// Of everything but the texts of models.
        var base: [UInt8]
        /// Of the texts of models, one after the other.
        var models: [UInt8]

        /// The length of one digest.
        static let length = 32

        /// The models whose digests are others, by their places; nil where there are more or fewer.
        func changed(from old: UnsafeRawBufferPointer) -> [Int]? {
            guard old.count == models.count else { return nil }
            return (0..<(models.count / Self.length)).filter { index in
                let range = (index * Self.length)..<((index + 1) * Self.length)
                return !models[range].elementsEqual(old[range])
            }
        }
    }

    /// What a file adds.
    private struct Part: Sendable {
        var digest: [UInt8]
        var variables: Set<String>
        /// Whether a template reads a variable whose name is not written out.
        var readsAny = false
    }

    /// The digests, and the files of the models in the order of theirs.
    ///
    /// - Throws: where a file cannot be read; reading the project will say so better.
    func digest() async throws -> (digest: Digest, models: [PackageFile]) {
        var files: [String] = []
        var models: [PackageFile] = []
        for package in packages {
            let definition = package.definition
            let folders =
                definition.allSourcePaths + (definition.docsPaths ?? []).filter { !definition.allSourcePaths.contains($0) }
            files.append(package.folder + "/dbt_project.yml")
            let selectors = package.folder + "/selectors.yml"
            if package.isRoot, ProjectFileSystem.exists(selectors) { files.append(selectors) }
            let isModel = Self.modelTest(definition, folders: folders)
            for file in package.files(in: folders, withExtensions: ["sql", "csv", "yml", "yaml", "md", "py", "js"]) {
                if isModel(file) { models.append(file) } else { files.append(file.absolutePath) }
            }
        }
        let parts = try await Parallel.map(files + models.map(\.absolutePath), chunk: 128) { try Self.part(of: $0) }
        var base = SHA256()
        var variables: Set<String> = []
        var digest = Digest(whole: [], base: [], models: [])
        digest.models.reserveCapacity(models.count * Digest.length)
        for (index, part) in parts.enumerated() {
            if index < files.count { base.update(data: part.digest) } else { digest.models += part.digest }
            variables.formUnion(part.variables)
            if part.readsAny { variables.formUnion(world.scope.environment.keys.filter { !Self.volatile.contains($0) }) }
        }
        var settings: [String] = [String(ManifestCache.format), Self.program, world.root.folder, world.profile.name]
        settings.append(JSON.object(world.profile.targetMembers).text())
        settings.append(JSON.object(world.options.vars).text())
        settings.append(world.options.storeFailures ? "store_failures" : "")
        settings.append(packages.map(\.folder).joined(separator: "\n"))
        settings.append(models.map(\.absolutePath).joined(separator: "\n"))
        for name in variables.sorted() { settings.append(name + "=" + (world.scope.environment[name] ?? "\u{0}")) }
        for text in settings {
            base.update(data: Array("\(text.utf8.count):".utf8))
            base.update(data: Array(text.utf8))
        }
        digest.base = Array(base.finalize())
        var whole = SHA256()
        whole.update(data: digest.base)
        whole.update(data: digest.models)
        digest.whole = Array(whole.finalize())
        return (digest, models)
    }

    /// Tells the files that are models and nothing else.
    private static func modelTest(_ definition: ProjectDefinition, folders: [String]) -> (PackageFile) -> Bool {
        let own = Set(definition.modelPaths)
        let others = folders.filter { !own.contains($0) }
        let isApart = (own.union(others)).allSatisfy { !$0.isEmpty && !$0.hasPrefix(".") }
        return { file in
            isApart && own.contains(file.folder) && file.path.hasSuffix(".sql")
                && !others.contains { file.originalPath.hasPrefix($0 + "/") }
        }
    }

    /// Changes from shell to shell, and says nothing about a project.
    private static let volatile: Set<String> = ["_", "PWD", "OLDPWD", "SHLVL", "TERM", "COLUMNS", "LINES", "PPID"]

    private static func part(of path: String) throws -> Part {
        let bytes = try ProjectFileSystem.bytes(of: path)
        var hash = SHA256()
        hash.update(data: Array("\(path)\n\(bytes.count)\n".utf8))
        bytes.withUnsafeBytes { hash.update(bufferPointer: $0) }
        var part = Part(digest: Array(hash.finalize()), variables: [])
        collectVariables(in: bytes, into: &part)
        return part
    }

    /// The names in `env_var('NAME')`.
    private static func collectVariables(in bytes: [UInt8], into part: inout Part) {
        let word = Array("env_var".utf8)
        bytes.withUnsafeBytes { buffer in
            guard let base = buffer.baseAddress else { return }
            var offset = 0
            while offset < buffer.count, let found = memchr(base + offset, Int32(UInt8(ascii: "_")), buffer.count - offset) {
                let underscore = UnsafeRawPointer(found) - base
                offset = underscore + 1
                let start = underscore - 3
                guard start >= 0, start + word.count <= buffer.count, memcmp(base + start, word, word.count) == 0 else {
                    continue
                }
                var index = start + word.count
                while index < buffer.count, buffer[index] == 0x20 || buffer[index] == UInt8(ascii: "(") { index += 1 }
                guard index < buffer.count, buffer[index] == UInt8(ascii: "'") || buffer[index] == UInt8(ascii: "\"") else {
                    part.readsAny = true
                    continue
                }
                let end = buffer[(index + 1)...].firstIndex(of: buffer[index]) ?? buffer.count
                part.variables.insert(String(decoding: buffer[(index + 1)..<end], as: UTF8.self))
            }
        }
    }

    /// Another build of the program may read a project otherwise.
    private static let program: String = {
        let path = Bundle.main.executablePath ?? CommandLine.arguments.first ?? ""
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: path) else { return path }
        let date = (attributes[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
        return "\(path) \(attributes[.size] ?? 0) \(date)"
    }()
}
