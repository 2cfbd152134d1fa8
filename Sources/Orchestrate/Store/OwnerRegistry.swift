import Foundation
import Synchronization

/// Tells living owners of runs from dead ones by locks on files, which the system gives back when a process ends in
/// whichever way. Unlike process ids these are never mistaken for another process and work between containers.
final class OwnerRegistry: Sendable {
    private let directory: String
    /// This instance's name; it has a lock file from the first use on.
    private let own = Mutex<(name: String, descriptor: Int32)?>(nil)
    private let schedulerLock = Mutex<Int32?>(nil)
    private let bell = Mutex<Doorbell?>(nil)

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

    /// Makes this instance the only scheduler.
    func claimScheduler() throws {
        try schedulerLock.withLock { lock in
            guard lock == nil else { return }
            try? FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            let descriptor = open(schedulerPath, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
            guard descriptor >= 0 else {
                throw OrchestrateError(
                    .storeUnwritable, "a lock file cannot be made in '\(directory)': \(String(cString: strerror(errno)))",
                    hint: "check who owns the directory")
            }
            // Who only asks whether there is a scheduler holds the lock for a moment, too.
            var attempt = 0
            while flock(descriptor, LOCK_EX | LOCK_NB) != 0, attempt < 20 {
                attempt += 1
                usleep(5000)
            }
            guard attempt < 20 else {
                var bytes = [UInt8](repeating: 0, count: 32)
                let count = read(descriptor, &bytes, bytes.count)
                close(descriptor)
                let process = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
                throw OrchestrateError(
                    .schedulerRunning,
                    "a scheduler runs already on these records\(process.isEmpty ? "" : ", process \(process)")",
                    hint: "one is enough: end that one first, or leave it")
            }
            let process = Array(String(ProcessInfo.processInfo.processIdentifier).utf8)
            ftruncate(descriptor, 0)
            _ = process.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
            lock = descriptor
        }
    }

    func resignScheduler() {
        schedulerLock.withLock { lock in
            if let descriptor = lock { close(descriptor) }
            lock = nil
        }
    }

    var isSchedulerRunning: Bool {
        if schedulerLock.withLock({ $0 != nil }) { return true }
        let descriptor = open(schedulerPath, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { return errno != ENOENT && errno != ENOTDIR }
        defer { close(descriptor) }
        return flock(descriptor, LOCK_SH | LOCK_NB) != 0
    }

    private var schedulerPath: String { "\(directory)/scheduler" }

    /// Has `body` called when somebody rings.
    func listen(_ body: @escaping @Sendable () -> Void) throws {
        let path = "\(directory)/\(try claim()).bell"
        let made = try Doorbell(path: path, onRing: body)
        bell.withLock { $0 = made }
    }

    /// Rings at everybody who listens.
    func ring() {
        for file in (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? [] where file.hasSuffix(".bell") {
            Doorbell.ring("\(directory)/\(file)")
        }
    }

    /// Gives up this instance's locks.
    func release() {
        bell.withLock { $0 = nil }
        resignScheduler()
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
    func forget(_ name: String) {
        unlink(path(name))
        unlink("\(directory)/\(name).bell")
    }

    /// The process id in an owner's name, for messages.
    static func processID(of name: String) -> String { String(name.prefix { $0 != "-" }) }

    private func path(_ name: String) -> String { "\(directory)/\(name).lock" }
}
