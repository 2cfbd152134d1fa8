import Diagnostics
import Foundation

/// Reads the files of projects.
enum ProjectFileSystem {
    /// The bytes of a file.
    static func bytes(of path: String) throws(TransformError) -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw TransformError(.unreadable, "the file cannot be read", location: SourceLocation(file: path))
        }
        return Array(data)
    }

    /// The text of a file.
    ///
    /// - Throws: ``TransformError`` where it cannot be read or is not UTF-8.
    static func text(of path: String, calledInErrors name: String) throws(TransformError) -> String {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw TransformError(.unreadable, "the file cannot be read", location: SourceLocation(file: name))
        }
        let bytes = data.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(data.dropFirst(3)) : Array(data)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            let line = bytes.prefix { $0 < 0x80 }.count { $0 == 0x0A } + 1
            throw TransformError(
                .unreadable, "the file is not UTF-8 text", location: SourceLocation(file: name, line: line),
                hint: "save it as UTF-8")
        }
        return text
    }

    static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    static func isDirectory(_ path: String) -> Bool {
        var isDirectory: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && isDirectory.boolValue
    }

    /// The files below `folder` with one of the extensions, as paths relative to `folder`, in order of their names.
    ///
    /// Follows symbolic links to folders; skips what begins with a dot.
    static func files(below folder: String, withExtensions extensions: Set<String>) -> [String] {
        var found: [String] = []
        walk(folder, prefix: "", extensions: extensions, depth: 0, into: &found)
        return found
    }

    private static func walk(_ folder: String, prefix: String, extensions: Set<String>, depth: Int, into found: inout [String]) {
        guard depth < 64, let entries = try? FileManager.default.contentsOfDirectory(atPath: folder) else { return }
        for entry in entries.sorted() where !entry.hasPrefix(".") {
            let path = folder + "/" + entry
            let relative = prefix.isEmpty ? entry : prefix + "/" + entry
            if let dot = entry.lastIndex(of: "."), extensions.contains(String(entry[entry.index(after: dot)...]).lowercased()),
                !isDirectory(path)
            {
                found.append(relative)
            } else if isDirectory(path) {
                walk(path, prefix: relative, extensions: extensions, depth: depth + 1, into: &found)
            }
        }
    }

    /// Writes a file, with the folders that it needs.
    static func write(_ bytes: [UInt8], to path: String) throws(TransformError) {
        do {
            let url = URL(filePath: path)
            try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(bytes).write(to: url)
        } catch {
            throw TransformError(
                .unreadable, "the file cannot be written: \(error.localizedDescription)", location: SourceLocation(file: path))
        }
    }

    /// `path` as seen from `folder`; absolute paths stay.
    static func resolve(_ path: String, in folder: String) -> String {
        if path.hasPrefix("/") { return path }
        if path == "~" || path.hasPrefix("~/") { return NSString(string: path).expandingTildeInPath }
        return path == "." || path.isEmpty ? folder : folder + "/" + path
    }

    /// Without `.` and `..` where that is possible without asking the file system.
    static func absolute(_ path: String) -> String {
        let full = resolve(path, in: FileManager.default.currentDirectoryPath)
        return URL(filePath: full).standardizedFileURL.path(percentEncoded: false).trimmingSlashes
    }
}

extension String {
    /// With every end of line as one line feed.
    var withPlainNewlines: String {
        guard utf8.contains(0x0D) else { return self }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(utf8.count)
        var afterReturn = false
        for byte in utf8 {
            if byte == 0x0D { bytes.append(0x0A) } else if byte != 0x0A || !afterReturn { bytes.append(byte) }
            afterReturn = byte == 0x0D
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    fileprivate var trimmingSlashes: String {
        var text = self
        while text.count > 1, text.hasSuffix("/") { text.removeLast() }
        return text
    }
}
