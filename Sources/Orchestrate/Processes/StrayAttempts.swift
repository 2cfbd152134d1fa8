import Dispatch
import Foundation

/// Finds and ends processes of attempts whose Leat process has died, so that no attempt runs beside its successor.
///
/// Each child carries its attempt's name in its environment, which all that it starts inherit.
package enum StrayAttempts {
    /// The variable of the environment that names the attempt.
    package static let variable = "LEAT_ATTEMPT"

    /// What the variable holds for an attempt.
    package static func marker(store: String, run: RunID, attempt: AttemptKey) -> String {
        // The same file may be reached by several paths.
        guard let resolved = realpath(store, nil) else { return "\(store)|\(run)|\(attempt)" }
        defer { free(resolved) }
        return "\(String(cString: resolved))|\(run)|\(attempt)"
    }

    /// Kills the processes of these attempts, and waits until they are gone.
    static func end(_ markers: Set<String>) {
        guard !markers.isEmpty else { return }
        #if os(Linux)
            for _ in 0..<400 {
                let found = processes(with: markers)
                if found.isEmpty { return }
                for process in found { kill(process, SIGKILL) }
                usleep(5000)
            }
        #endif
    }

    /// The same without blocking.
    package static func end(_ marker: String) async {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                end([marker])
                continuation.resume()
            }
        }
    }

    #if os(Linux)
        private static func processes(with markers: Set<String>) -> [pid_t] {
            let own = getpid()
            let numbers = (try? FileManager.default.contentsOfDirectory(atPath: "/proc"))?.compactMap { pid_t($0) } ?? []
            return numbers.filter { number in
                guard number != own, let environment = read("/proc/\(number)/environ") else { return false }
                let prefix = Array((variable + "=").utf8)
                return environment.split(separator: 0).contains { entry in
                    entry.starts(with: prefix)
                        && markers.contains(String(decoding: entry.dropFirst(prefix.count), as: UTF8.self))
                }
            }
        }

        /// nil for what is not ours to read, or gone. An ended process that nobody has waited for has no environment.
        private static func read(_ path: String) -> [UInt8]? {
            let descriptor = open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { return nil }
            defer { close(descriptor) }
            var all: [UInt8] = []
            var bytes = [UInt8](repeating: 0, count: 64 << 10)
            while true {
                let count = Foundation.read(descriptor, &bytes, bytes.count)
                if count <= 0 { return all }
                all += bytes[..<count]
            }
        }
    #endif
}
