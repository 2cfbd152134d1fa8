import Foundation
import Synchronization

/// Tells living owners of runs from dead ones by locks on files, which the system gives back when a process ends in
/// whichever way. Unlike process ids these are never mistaken for another process and work between containers.
final class OwnerRegistry: Sendable {
    private let directory: String
    /// This instance's name; it has a lock file from the first use on.
    private let own = Mutex<(name: String, descriptor: Int32)?>(nil)

    init(directory: String) { self.directory = directory }

    /// The name to put on runs of this instance.
    /// - Throws: `OrchestrateError` with code `store.unwritable`.
    func claim() throws -> String {
        try own.withLock { own in
            if let own { return own.name }
            let name = "\(ProcessInfo.processInfo.processIdentifier)-\(UUID().uuidString.lowercased())"
            try? FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            let descriptor = open(path(name), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
            guard descriptor >= 0, flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
                let reason = String(cString: strerror(errno))
                if descriptor >= 0 { close(descriptor) }
                throw OrchestrateError(
                    .storeUnwritable, "a lock file cannot be made in '\(directory)': \(reason)",
                    hint: "check who owns the directory")
            }
            own = (name, descriptor)
            return name
        }
    }

    /// Gives up this instance's lock.
    func release() {
        own.withLock { own in
            guard let (name, descriptor) = own else { return }
            unlink(path(name))
            close(descriptor)
            own = nil
        }
    }

    /// Whether the process of an owner, as `claim` named it, may still be at work.
    func isAlive(_ name: String) -> Bool {
        if own.withLock({ $0?.name == name }) { return true }
        let descriptor = open(path(name), O_RDWR | O_CLOEXEC)
        // A file that exists and cannot be opened may be another user's: leave its runs alone.
        guard descriptor >= 0 else { return errno != ENOENT }
        defer { close(descriptor) }
        return flock(descriptor, LOCK_EX | LOCK_NB) != 0
    }

    /// Removes the lock file of a dead owner.
    func forget(_ name: String) { unlink(path(name)) }

    /// The process id in an owner's name, for messages.
    static func processID(of name: String) -> String { String(name.prefix { $0 != "-" }) }

    private func path(_ name: String) -> String { "\(directory)/\(name).lock" }
}
