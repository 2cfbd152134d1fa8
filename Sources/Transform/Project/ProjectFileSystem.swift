import Diagnostics
import Foundation

/// Reads the files of projects, and writes what comes of them.
enum ProjectFileSystem {
    /// The bytes of a file.
    static func bytes(of path: String) throws(TransformError) -> [UInt8] {
        guard let bytes = contents(of: path) else {
            throw TransformError(.unreadable, "the file cannot be read", location: SourceLocation(file: path))
        }
        return bytes
    }

    /// The bytes of a file in one read; nil where it cannot be read.
    private static func contents(of path: String) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        var isWhole = true
        let bytes = [UInt8](unsafeUninitializedCapacity: Int(status.st_size)) { buffer, count in
            while count < buffer.count {
                let length = read(descriptor, buffer.baseAddress.map { $0 + count }, buffer.count - count)
                if length < 0, errno == EINTR { continue }
                if length < 0 { isWhole = false }
                guard length > 0 else { return }
                count += length
            }
        }
        return isWhole ? bytes : nil
    }

    /// The text of a file.
    ///
    /// - Throws: ``TransformError`` where it cannot be read or is not UTF-8.
    static func text(of path: String, calledInErrors name: String) throws(TransformError) -> String {
        guard var bytes = contents(of: path) else {
            throw TransformError(.unreadable, "the file cannot be read", location: SourceLocation(file: name))
        }
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
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
    /// Follows symbolic links to folders, but not to a folder that it is in; skips what begins with a dot.
    static func files(below folder: String, withExtensions extensions: Set<String>) -> [String] {
        var found: [String] = []
        walk(folder, prefix: "", extensions: extensions, above: [], into: &found)
        return found
    }

    /// - Parameter above: the numbers of the folders that lead here.
    private static func walk(
        _ folder: String, prefix: String, extensions: Set<String>, above: [UInt64], into found: inout [String]
    ) {
        guard above.count < 64, let stream = opendir(folder) else { return }
        var status = stat()
        let number = fstat(dirfd(stream), &status) == 0 ? UInt64(status.st_ino) : 0
        if above.contains(number) {
            closedir(stream)
            return
        }
        var entries: [(name: String, isFolder: Bool)] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name.hasPrefix(".") { continue }
            switch Int32(entry.pointee.d_type) {
            case Int32(DT_DIR): entries.append((name, true))
            case Int32(DT_REG): entries.append((name, false))
            // Links and what the file system does not tell.
            default: entries.append((name, isDirectory(folder + "/" + name)))
            }
        }
        closedir(stream)
        for entry in entries.sorted(by: { $0.name < $1.name }) {
            let relative = prefix.isEmpty ? entry.name : prefix + "/" + entry.name
            if entry.isFolder {
                walk(folder + "/" + entry.name, prefix: relative, extensions: extensions, above: above + [number], into: &found)
            } else if let dot = entry.name.utf8.lastIndex(of: UInt8(ascii: ".")),
                extensions.contains(String(entry.name[entry.name.utf8.index(after: dot)...]).lowercased())
            {
                found.append(relative)
            }
        }
    }

    /// Writes a file, with the folders that it needs.
    ///
    /// What dbt writes can be written again, so nobody waits for the disk: Foundation would, for each file.
    static func write(_ bytes: [UInt8], to path: String) throws(TransformError) {
        var descriptor = openForWriting(path)
        if descriptor < 0, errno == ENOENT {
            let folder = URL(filePath: path).deletingLastPathComponent()
            try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            descriptor = openForWriting(path)
        }
        guard descriptor >= 0 else { throw notWritten(path) }
        var start = 0
        while start < bytes.count {
            let count = bytes.withUnsafeBytes {
                Foundation.write(descriptor, $0.baseAddress.map { $0 + start }, bytes.count - start)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                let error = notWritten(path)
                close(descriptor)
                throw error
            }
            start += count
        }
        guard close(descriptor) == 0 else { throw notWritten(path) }
    }

    private static func openForWriting(_ path: String) -> Int32 {
        open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    }

    private static func notWritten(_ path: String) -> TransformError {
        let reason = String(cString: strerror(errno))
        return TransformError(.unreadable, "the file cannot be written: \(reason)", location: SourceLocation(file: path))
    }

    /// Writes a file piece by piece; under another name first, so that nobody sees half of it.
    static func write(_ pieces: [[UInt8]], to path: String) throws(TransformError) {
        let temporary = path + ".new"
        do {
            let url = URL(filePath: path)
            try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            guard FileManager.default.createFile(atPath: temporary, contents: nil) else { throw CocoaError(.fileWriteUnknown) }
            let handle = try FileHandle(forWritingTo: URL(filePath: temporary))
            for piece in pieces {
                try piece.withUnsafeBytes { bytes in
                    guard let base = bytes.baseAddress else { return }
                    let data = Data(bytesNoCopy: UnsafeMutableRawPointer(mutating: base), count: bytes.count, deallocator: .none)
                    try handle.write(contentsOf: data)
                }
            }
            try handle.close()
            guard rename(temporary, path) == 0 else { throw CocoaError(.fileWriteUnknown) }
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
