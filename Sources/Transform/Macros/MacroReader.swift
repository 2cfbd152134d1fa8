import Diagnostics
import Synchronization

/// Indexes the macros of the built-in files and of packages.
struct MacroReader {
    /// What a macro file may hold.
    private static let kinds: Set<String> = ["macro", "materialization", "test", "data_test"]

    /// The built-in macros; scanned once in the life of the process.
    static let builtIn: [MacroRecord] = EmbeddedMacros.files.flatMap { path, text -> [MacroRecord] in
        guard path.hasSuffix(".sql"), let slash = path.firstIndex(of: "/") else { return [] }
        let package = String(path[..<slash])
        let original = "macros/" + path[path.index(after: slash)...]
        let file = MacroFile(package: package, originalPath: original, displayPath: "\(package)/\(original)", text: text)
        return records(in: file)
    }

    /// The macros of a package, its generic tests among them.
    ///
    /// - Throws: ``TransformError`` for files that cannot be read and names that come up twice.
    static func read(_ package: Package) throws -> [MacroRecord] {
        let folders = package.definition.macroPaths + package.definition.testPaths.map { $0 + "/generic" }
        var found: [MacroRecord] = []
        var seen: [String: MacroRecord] = [:]
        for file in package.files(in: folders, withExtensions: ["sql"]) {
            let text = try ProjectFileSystem.text(of: file.absolutePath, calledInErrors: file.displayPath)
            let macroFile = MacroFile(
                package: package.name, originalPath: file.originalPath, displayPath: file.displayPath, text: text,
                isGenericTest: file.folder.hasSuffix("/generic"))
            for record in records(in: macroFile) {
                if let first = seen.updateValue(record, forKey: record.name) {
                    throw TransformError(
                        .duplicate, "the macro '\(record.name)' is defined twice",
                        location: SourceLocation(file: file.displayPath, line: record.line),
                        hint: "the first one is at \(first.file.displayPath):\(first.line); rename one of them")
                }
                found.append(record)
            }
        }
        return found
    }

    private static func records(in file: MacroFile) -> [MacroRecord] {
        BlockScanner.blocks(in: file.text, kinds: kinds).map { block in
            let name: String
            switch block.kind {
            case "materialization": name = materializationName(block)
            case "test", "data_test": name = "test_" + block.name
            default: name = block.name
            }
            return MacroRecord(
                name: name, package: file.package, line: block.line, file: file, range: block.range, header: block.header)
        }
    }

    /// `x, adapter='postgres'` is `materialization_x_postgres`; without an adapter or with `default` it is for all.
    private static func materializationName(_ block: BlockScanner.Block) -> String {
        var adapter = "default"
        if let range = block.header.firstRange(of: "adapter") {
            let rest = block.header[range.upperBound...].drop { $0 == " " || $0 == "=" || $0 == "'" || $0 == "\"" }
            adapter = String(rest.prefix { $0 == "_" || $0.isLetter || $0.isNumber })
        }
        return "materialization_\(block.name)_\(adapter)"
    }
}
