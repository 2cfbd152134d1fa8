#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A pattern with `**`, which stands for any number of folders, also none: `data/**/*.csv`.
///
/// As in Python and in shells, hidden files and folders are found only by patterns that say the dot, and links to folders are not
/// followed, so that a circle of them has an end.
struct DeepGlob {
    /// What stands before the first `**`.
    private let start: String
    /// The parts of the path below it.
    private let parts: [String]

    /// - Returns: nil for a pattern without `**` between slashes.
    init?(_ pattern: String) {
        let all = pattern.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard let first = all.firstIndex(of: "**") else { return nil }
        let head = all[..<first].joined(separator: "/")
        start = head.isEmpty && pattern.hasPrefix("/") ? "/" : head
        parts = Array(all[first...])
    }

    /// The files that fit, sorted.
    func paths() -> [String] {
        let starts =
            start.contains { "*?[".contains($0) } ? FileLocation.flatPaths(start) : [start.isEmpty ? "" : start]
        var found: Set<String> = []
        for folder in starts { walk(folder, parts[...], &found) }
        return found.sorted()
    }

    private func walk(_ folder: String, _ parts: ArraySlice<String>, _ found: inout Set<String>) {
        guard let part = parts.first else { return }
        let rest = parts.dropFirst()
        if part == "**" {
            // As no folder at all; at the end it stands for every file.
            walk(folder, rest.isEmpty ? ["*"] : rest, &found)
            for name in Self.names(in: folder) where !name.hasPrefix(".") && Self.kind(Self.joined(folder, name)) == S_IFDIR {
                walk(Self.joined(folder, name), parts, &found)
            }
            return
        }
        for name in Self.names(in: folder) where fnmatch(part, name, FNM_PERIOD) == 0 {
            let path = Self.joined(folder, name)
            if rest.isEmpty {
                if Self.kind(path) != S_IFDIR { found.insert(path) }
            } else {
                walk(path, rest, &found)
            }
        }
    }

    private static func joined(_ folder: String, _ name: String) -> String {
        folder.isEmpty || folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
    }

    /// What lies at a path, without following links; 0 for nothing.
    private static func kind(_ path: String) -> mode_t {
        var facts = stat()
        return lstat(path, &facts) == 0 ? facts.st_mode & S_IFMT : 0
    }

    private static func names(in folder: String) -> [String] {
        guard let stream = opendir(folder.isEmpty ? "." : folder) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }
}
