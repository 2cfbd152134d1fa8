#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Reads a file of this machine.
final class LocalFileReader: ByteReader {
    private let path: String
    private let file: Int32

    init(_ path: String) throws(ConnectorError) {
        self.path = path
        file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw Self.failed("cannot be opened", path) }
        #if canImport(Glibc)
            posix_fadvise(file, 0, 0, POSIX_FADV_SEQUENTIAL)
        #endif
    }

    deinit { close(file) }

    func read(into target: UnsafeMutableRawBufferPointer) throws(ConnectorError) -> Int {
        while true {
            #if canImport(Darwin)
                let count = Darwin.read(file, target.baseAddress, target.count)
            #else
                let count = Glibc.read(file, target.baseAddress, target.count)
            #endif
            if count >= 0 { return count }
            if errno != EINTR { throw Self.failed("cannot be read", path) }
        }
    }

    static func failed(_ what: String, _ path: String) -> ConnectorError {
        let reason = errno
        return ConnectorError(
            reason == EACCES ? .permission : .source, "\(path) \(what): \(String(cString: strerror(reason)))",
            hint: reason == EACCES ? "give the user that runs Leat the right to read it" : nil,
            failureType: reason == EACCES || reason == ENOENT ? .config : .system)
    }
}
