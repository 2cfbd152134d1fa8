#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A file for passing a secret to a library that takes files only; nobody but this user can read it.
struct PrivateFile {
    let path: String

    init(_ content: String) throws(ConnectorError) {
        var template = Array("/tmp/leat-XXXXXX".utf8CString)
        // Made with the rights 0600.
        let file = mkstemp(&template)
        path = template.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
        let bytes = Array(content.utf8)
        let written = file < 0 ? -1 : write(file, bytes, bytes.count)
        if file >= 0 { close(file) }
        guard written == bytes.count else {
            if file >= 0 { unlink(path) }
            throw ConnectorError(.configuration, "cannot write a certificate into \(path)", failureType: .system)
        }
    }

    func remove() { unlink(path) }
}
