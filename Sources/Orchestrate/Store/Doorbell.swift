import Dispatch
import Foundation

/// A named pipe that other processes ring at: whoever listens wakes within a millisecond, and nobody polls.
///
/// A pipe and not a socket, because its path may be as long as the project's folder makes it.
final class Doorbell: Sendable {
    private let path: String
    /// Dispatch sources may be used from any thread; this one is set up before anybody else sees it.
    private nonisolated(unsafe) let source: any DispatchSourceRead

    /// - Throws: `OrchestrateError` with code `store.unwritable`.
    init(path: String, onRing: @escaping @Sendable () -> Void) throws(OrchestrateError) {
        self.path = path
        unlink(path)
        // Open for writing as well, so that it never ends while nobody rings.
        guard mkfifo(path, 0o622) == 0 else { throw Self.failure(path) }
        let descriptor = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.failure(path) }
        source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: .global())
        source.setEventHandler {
            var bytes = [UInt8](repeating: 0, count: 512)
            while read(descriptor, &bytes, bytes.count) == bytes.count {}
            onRing()
        }
        source.setCancelHandler { close(descriptor) }
        source.resume()
    }

    deinit {
        unlink(path)
        source.cancel()
    }

    /// Wakes who listens at a path. A full pipe has woken them already; a pipe of the dead is nobody's.
    static func ring(_ path: String) {
        let descriptor = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        var byte: UInt8 = 1
        _ = write(descriptor, &byte, 1)
        close(descriptor)
    }

    private static func failure(_ path: String) -> OrchestrateError {
        OrchestrateError(
            .storeUnwritable, "the pipe '\(path)' cannot be made: \(String(cString: strerror(errno)))",
            hint: "check who owns the directory, and whether its file system knows named pipes")
    }
}
