import Documents

/// Which files were read, and what they were like: the state of a file source.
struct FileHistory {
    private var versions: JSON.Members

    init(_ state: JSON?) { versions = state?["history"]?.object ?? JSON.Members() }

    /// Whether the file was read as it is now. One that does not say what it is like is always new.
    func has(_ file: FileEntry) -> Bool { file.version != nil && versions[file.path]?.string == file.version }

    mutating func add(_ file: FileEntry) { if let version = file.version { versions[file.path] = .string(version) } }

    var json: JSON { ["history": .object(versions)] }
}
