import Documents
import Foundation
import Synchronization

/// What a connector's `spec` was when it was asked last: by this process, or by an earlier one, which has left it in a file.
final class SpecMemory: Sendable {
    private struct Known {
        var spec: ExternalSpec?
        /// Whether this process has asked.
        var isFresh = false
    }

    private let path: String
    /// The program; another one is asked anew.
    private let program: JSON
    private let known: Mutex<Known>

    init(path: String, program: [String]) {
        self.path = path
        self.program = .array(program.map { .string($0) })
        let kept = FileManager.default.contents(atPath: path).flatMap { try? JSON(parsing: Array($0)) }
        known = Mutex(Known(spec: kept?["program"] == self.program ? kept?["spec"].map(ExternalSpec.init) : nil))
    }

    var spec: ExternalSpec? { known.withLock { $0.spec } }
    var isFresh: Bool { known.withLock { $0.isFresh } }

    /// - Parameter spec: nil for a connector that says nothing of itself.
    func keep(_ spec: ExternalSpec?) {
        known.withLock { $0 = Known(spec: spec, isFresh: true) }
        guard let spec else { return }
        let kept: JSON = ["program": program, "spec": spec.schema]
        // A file that cannot be written costs a question the next time.
        let folder = (path as NSString).deletingLastPathComponent
        try? FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        try? Data(kept.bytes()).write(to: URL(filePath: path), options: .atomic)
    }
}
