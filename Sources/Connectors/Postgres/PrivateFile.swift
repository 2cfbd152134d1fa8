#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A file for passing a secret to a library that takes files only; nobody but this user can read it.
struct PrivateFile {
    let path: String

    /// The folder that hides it, where it must be readable for others.
    private let folder: String?

    /// - Parameter isForContainer: whether a container will read it, as whatever user its image has: then the file is
    ///   readable for all, in a folder that only this user can enter.
    init(_ content: String, isForContainer: Bool = false) throws(ConnectorError) {
        if isForContainer {
            var template = Array("/tmp/leat-XXXXXX".utf8CString)
            _ = mkdtemp(&template)
            folder = template.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
        } else {
            folder = nil
        }
        var template = Array("\(folder ?? "/tmp")/leat-XXXXXX".utf8CString)
        // Made with the rights 0600.
        let file = mkstemp(&template)
        path = template.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
        let bytes = Array(content.utf8)
        let written = file < 0 ? -1 : write(file, bytes, bytes.count)
        if isForContainer, file >= 0 { fchmod(file, 0o644) }
        if file >= 0 { close(file) }
        guard written == bytes.count else {
            if file >= 0 { unlink(path) }
            if let folder { rmdir(folder) }
            throw ConnectorError(.configuration, "cannot write a certificate into \(path)", failureType: .system)
        }
    }

    func remove() {
        unlink(path)
        if let folder { rmdir(folder) }
    }
}
