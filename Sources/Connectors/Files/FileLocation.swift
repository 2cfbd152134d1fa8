import Ccurl

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A file that a location leads to.
struct FileEntry: Sendable, Hashable {
    /// The path or the URL, as errors name it.
    var path: String
    /// The last part of it.
    var name: String
    /// Bytes; nil where unknown.
    var size: Int?
    /// What is another once the file has changed; nil where the server does not say.
    var version: String?
}

/// Where files are.
enum FileLocation: Sendable, Hashable {
    case path(String)
    case glob(String)
    case url(String)

    /// - Parameter folder: where relative paths begin.
    init(_ text: String, folder: String?) throws(ConnectorError) {
        let lowercased = text.lowercased()
        if lowercased.hasPrefix("http://") || lowercased.hasPrefix("https://") {
            self = .url(text)
            return
        }
        var path = text
        if lowercased.hasPrefix("file://") {
            path = String(text.dropFirst(7))
        } else if let scheme = text.firstRange(of: "://") {
            throw ConnectorError(
                .unsupported, "files at \(text[..<scheme.lowerBound]):// cannot be read",
                hint: "url is a path, a glob, or a URL that begins with http:// or https://")
        }
        if path.isEmpty { throw ConnectorError(.configuration, "the url is empty") }
        if !path.hasPrefix("/"), let folder, folder != "." { path = "\(folder)/\(path)" }
        self = path.contains(where: { "*?[".contains($0) }) ? .glob(path) : .path(path)
    }

    /// What follows the last slash, without a URL's query.
    var lastComponent: String {
        switch self {
        case .path(let text), .glob(let text): return Self.last(text)
        case .url(let text):
            let path = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)[0]
            return Self.last(String(path.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)[0]))
        }
    }

    private static func last(_ path: String) -> String {
        String(path.split(separator: "/", omittingEmptySubsequences: false).last ?? "")
    }

    /// The files, by name.
    /// - Throws: ``ConnectorError`` where there is none.
    func files(_ request: DownloadReader.Request, isCancelled: @escaping () -> Bool) throws(ConnectorError) -> [FileEntry] {
        switch self {
        case .path(let path):
            guard let entry = try Self.entry(path, isWanted: true) else {
                throw ConnectorError(
                    .source, "\(path) is a folder", hint: "name its files with a glob: \(path)/*.csv")
            }
            return [entry]
        case .glob(let pattern):
            var entries: [FileEntry] = []
            for path in Self.paths(pattern) {
                if let entry = try Self.entry(path, isWanted: false) { entries.append(entry) }
            }
            guard !entries.isEmpty else {
                throw ConnectorError(
                    .source, "no file is called \(pattern)",
                    hint: "look at the url; * stands for anything but a slash, ** for any folders")
            }
            return entries
        case .url(let url):
            var head = request
            head.url = url
            head.isHeaderOnly = true
            // A server may refuse to answer this question although it has the file.
            let facts = try? DownloadReader(head, isCancelled: isCancelled).facts
            var entry = FileEntry(path: url, name: lastComponent)
            guard var facts else { return [entry] }
            entry.size = facts.length < 0 ? nil : Int(facts.length)
            let tag = withUnsafeBytes(of: &facts.etag) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            if !tag.isEmpty {
                entry.version = tag
            } else if facts.modified >= 0 {
                entry.version = "\(facts.modified) \(facts.length)"
            }
            return [entry]
        }
    }

    /// What lies at a path; nil for a folder or, unless it is wanted, for nothing.
    private static func entry(_ path: String, isWanted: Bool) throws(ConnectorError) -> FileEntry? {
        var facts = stat()
        guard stat(path, &facts) == 0 else {
            if isWanted { throw LocalFileReader.failed("cannot be read", path) }
            return nil
        }
        if facts.st_mode & S_IFMT == S_IFDIR { return nil }
        #if canImport(Darwin)
            let time = facts.st_mtimespec
        #else
            let time = facts.st_mtim
        #endif
        let version = "\(time.tv_sec).\(time.tv_nsec) \(facts.st_size)"
        return FileEntry(
            path: path, name: last(path), size: facts.st_mode & S_IFMT == S_IFREG ? Int(facts.st_size) : nil, version: version)
    }

    private static func paths(_ pattern: String) -> [String] {
        if let deep = DeepGlob(pattern) { return deep.paths() }
        return flatPaths(pattern)
    }

    /// What the system's own globs find.
    static func flatPaths(_ pattern: String) -> [String] {
        var found = glob_t()
        defer { globfree(&found) }
        #if canImport(Darwin)
            let status = Darwin.glob(pattern, 0, nil, &found)
        #else
            let status = Glibc.glob(pattern, 0, nil, &found)
        #endif
        guard status == 0 else { return [] }
        return (0..<Int(found.gl_pathc)).compactMap { index in found.gl_pathv[index].map { String(cString: $0) } }
    }
}
