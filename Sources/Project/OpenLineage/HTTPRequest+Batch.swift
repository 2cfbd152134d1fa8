import Foundation
import Orchestrate
import Processes
import Synchronization

extension HTTPRequest {
    /// Sends several requests, one after the other over as few connections as it takes, and gives the status of each answer.
    /// - Throws: `TaskFailure` where there is not an answer to each.
    static func statuses(of requests: [HTTPRequest]) async throws -> [Int] {
        let each = requests.map { request in
            let lines = request.configuration + [#"output = "/dev/null""#, #"write-out = "%{http_code}\n""#]
            return lines.joined(separator: "\n")
        }
        var command = ChildCommand(["curl", "--disable", "--config", "-"])
        command.input = Array(each.joined(separator: "\nnext\n").utf8)
        let lines = Mutex<(out: [String], err: [String])>(([], []))
        let status = try await command.run { line in
            lines.withLock { lines in if line.isError { lines.err.append(line.text) } else { lines.out.append(line.text) } }
        }
        try Task.checkCancellation()
        let (out, err) = lines.withLock { $0 }
        let statuses = out.compactMap { Int($0) }.filter { $0 > 0 }
        guard status == .exited(0), statuses.count == requests.count else {
            throw TaskFailure(err.last.map { $0.replacing("curl: ", with: "") } ?? "no answer", code: "task.http")
        }
        return statuses
    }
}
