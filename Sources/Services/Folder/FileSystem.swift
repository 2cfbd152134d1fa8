import Foundation

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The few calls on files that Foundation lacks or reports too vaguely.
enum FileSystem {
    /// What is at `path`, not following a symbolic link; nil if nothing is, or it cannot be seen.
    static func status(of path: String) -> stat? {
        var status = stat()
        return lstat(path, &status) == 0 ? status : nil
    }

    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    static func isDirectory(_ path: String) -> Bool { status(of: path).map { $0.st_mode & S_IFMT == S_IFDIR } ?? false }

    static func isLink(_ path: String) -> Bool { status(of: path).map { $0.st_mode & S_IFMT == S_IFLNK } ?? false }

    /// The absolute path without links and dots; `path` itself, made absolute, if it does not exist.
    static func canonical(_ path: String) -> String {
        if let resolved = realpath(path, nil) {
            defer { free(resolved) }
            return String(cString: resolved)
        }
        return URL(fileURLWithPath: path).standardizedFileURL.path
    }

    /// Makes the folder unless it is there. Its mode is exactly `mode`, whatever the umask; an existing one keeps its own.
    static func makeDirectory(_ path: String, mode: mode_t, owner: ProcessIdentity? = nil) throws(ServicesError) {
        if isDirectory(path) { return }
        guard let owner else {
            // Not by `rename`, which would put the new folder in the place of an empty one in which others begin to work.
            guard mkdir(path, mode) == 0 else {
                guard errno == EEXIST, isDirectory(path) else { throw failure("cannot make the folder \(path)") }
                return
            }
            guard chmod(path, mode) == 0 else { throw failure("cannot set the permissions of \(path)") }
            return
        }
        // Made under another name first: whoever looks at the same time finds it with its owner, or not at all.
        let temporary = "\(path).\(UInt64.random(in: 0...UInt64.max))"
        guard mkdir(temporary, mode) == 0 else { throw failure("cannot make the folder \(path)") }
        guard chmod(temporary, mode) == 0 else { throw failure("cannot set the permissions of \(path)") }
        try give(temporary, to: owner)
        guard rename(temporary, path) != 0 else { return }
        let reason = errno
        rmdir(temporary)
        guard [ENOTEMPTY, EEXIST].contains(reason), isDirectory(path) else {
            throw failure("cannot make the folder \(path)")
        }
    }

    /// Writes a whole file so that a reader sees the old or the new one, never a part.
    static func write(_ text: String, to path: String, mode: mode_t, owner: ProcessIdentity? = nil) throws(ServicesError) {
        let temporary = "\(path).\(UInt64.random(in: 0...UInt64.max))"
        let file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
        guard file >= 0 else { throw failure("cannot write \(path)") }
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { writeBytes(file, $0.baseAddress, $0.count) }
            guard count > 0 else {
                close(file)
                unlink(temporary)
                throw failure("cannot write \(path)")
            }
            bytes = bytes.dropFirst(count)
        }
        close(file)
        try give(temporary, to: owner)
        guard rename(temporary, path) == 0 else { throw failure("cannot write \(path)") }
    }

    /// The whole text. Foundation takes the end of a piece of a file in /proc, 4 KB, for the end of the file.
    static func read(_ path: String) -> String? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes: [UInt8] = []
        while true {
            var count = 0
            bytes += [UInt8](unsafeUninitializedCapacity: 65_536) { buffer, length in
                count = readBytes(file, buffer.baseAddress, buffer.count)
                length = max(0, count)
            }
            if count < 0 { return nil }
            if count == 0 { return String(decoding: bytes, as: UTF8.self) }
        }
    }

    static func remove(_ path: String) { try? FileManager.default.removeItem(atPath: path) }

    static func names(in path: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
    }

    /// The size, for looking later only at what was appended; 0 if there is no file.
    static func size(of path: String) -> Int { status(of: path).map { Int($0.st_size) } ?? 0 }

    /// The error of the last system call.
    static func failure(_ what: String, hint: String? = nil) -> ServicesError {
        ServicesError(.folder, "\(what): \(String(cString: strerror(errno)))", hint: hint)
    }

    private static func give(_ path: String, to owner: ProcessIdentity?) throws(ServicesError) {
        guard let owner, owner.isOther else { return }
        guard lchown(path, owner.userID, owner.groupID) == 0 else { throw failure("cannot give \(path) to \(owner.name)") }
    }
}

#if canImport(Darwin)
    private let readBytes = Darwin.read
    private let writeBytes = Darwin.write
#else
    private let readBytes = Glibc.read
    private let writeBytes = Glibc.write
#endif
