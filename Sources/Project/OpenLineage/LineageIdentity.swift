import Crypto
import Documents
import Foundation
import Orchestrate

/// The names that runs and attempts have in OpenLineage: the same whoever computes them, so that a restarted scheduler goes on with them.
struct LineageIdentity: Sendable {
    let namespace: String

    /// A UUID of version 7: the time that the run was asked for, then a hash of what it is the name of.
    private func uuid(_ moment: Timestamp, _ text: String) -> String {
        let milliseconds = UInt64(max(0, moment.microseconds / 1000))
        var bytes = (0..<6).map { UInt8(truncatingIfNeeded: milliseconds >> (40 - 8 * $0)) }
        bytes += SHA256.hash(data: Data("\(namespace)\n\(text)".utf8)).prefix(10)
        bytes[6] = bytes[6] & 0x0F | 0x70
        bytes[8] = bytes[8] & 0x3F | 0x80
        let digits = bytes.map { byte in
            let text = String(byte, radix: 16)
            return text.count == 1 ? "0" + text : text
        }.joined()
        var result = ""
        for (index, digit) in digits.enumerated() {
            if [8, 12, 16, 20].contains(index) { result += "-" }
            result.append(digit)
        }
        return result
    }

    func id(of run: RunRecord) -> String { uuid(run.queuedAt, run.id.description) }

    func id(of attempt: AttemptKey, in run: RunRecord) -> String {
        uuid(run.queuedAt, "\(run.id)\n\(attempt.task)\n\(attempt.number)")
    }

    func job(_ name: String) -> JSON { ["namespace": .string(namespace), "name": .string(name)] }
}
