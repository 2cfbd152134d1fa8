import Diagnostics
import Documents
import Foundation
import Orchestrate

/// Sends OpenLineage's events in their order, many at once where many wait.
actor LineageSender {
    private let retries: RetryPolicy
    private let problem: @Sendable (any UserFacingError) -> Void
    private var waiting: [(event: JSON, target: LineageSettings.Target)] = []
    private var lost = 0
    private var worker: Task<Void, Never>?
    private var pause: Task<Void, Never>?
    private var isClosing = false

    static let standardRetries = RetryPolicy(count: 5, delay: .seconds(1), backoff: 2, jitter: 0.2, maximumDelay: .seconds(30))
    /// How many events wait for a server that does not answer; then the oldest are given up.
    static let maximumWaiting = 10_000
    /// How many go over one connection.
    static let maximumBatch = 50

    init(retries: RetryPolicy, problem: @escaping @Sendable (any UserFacingError) -> Void) {
        self.retries = retries
        self.problem = problem
    }

    func send(_ event: JSON, to target: LineageSettings.Target) {
        if waiting.count >= Self.maximumWaiting {
            waiting.removeFirst()
            lost += 1
        }
        waiting.append((event, target))
        if worker == nil { worker = Task { await work() } }
    }

    /// Sends what waits, without trying long.
    func close() async {
        isClosing = true
        pause?.cancel()
        await worker?.value
    }

    private func work() async {
        while let target = waiting.first?.target {
            let batch = Array(waiting.prefix(Self.maximumBatch).map(\.event))
            waiting.removeFirst(batch.count)
            switch target {
            case .file(let path): write(batch, to: path)
            case .server(let url, let apiKey): await post(batch, to: url, apiKey)
            }
        }
        worker = nil
    }

    private func write(_ events: [JSON], to path: String) {
        if let reason = LineageFile.append(events.map { $0.text() + "\n" }.joined(), to: path) {
            report(events.count, "the file \(path) cannot be written: \(reason)")
        }
    }

    private func post(_ events: [JSON], to url: String, _ apiKey: String?) async {
        let headers = [("Content-Type", "application/json")] + (apiKey.map { [("Authorization", "Bearer \($0)")] } ?? [])
        var left = events.map { HTTPRequest(url: url, method: "POST", headers: headers, body: $0.text()) }
        var random = SystemRandomNumberGenerator()
        for attempt in 1... {
            var reason: String
            do {
                let statuses = try await HTTPRequest.statuses(of: left)
                let refused = statuses.first { !(200..<300).contains($0) }
                // What the server refuses for good would not be taken later either.
                left = zip(left, statuses).filter { $0.1 >= 500 || [408, 425, 429].contains($0.1) }.map(\.0)
                let gone = statuses.count { !(200..<300).contains($0) } - left.count
                if gone > 0 { report(gone, "the server answered with status \(refused ?? 0)") }
                guard !left.isEmpty else { return }
                reason = "the server answered with status \(refused ?? 0)"
            } catch {
                reason = TaskFailure(error).message
            }
            guard attempt <= retries.count, !isClosing else { return report(left.count, reason) }
            let pause = Task { [delay = retries.delay(afterAttempt: attempt, using: &random)] in
                _ = try? await Task.sleep(for: delay)
            }
            self.pause = pause
            await pause.value
        }
    }

    private func report(_ count: Int, _ reason: String) {
        let all = count + lost
        lost = 0
        problem(
            ProjectError(
                .notification, "\(all) lineage event\(all == 1 ? "" : "s") could not be sent: \(reason)",
                hint: "'openlineage' of \(LeatProject.fileName) says where they go"))
    }
}

/// A file that events are added to, line by line; several processes may do so.
private enum LineageFile {
    /// - Returns: why it cannot be written; nil where it was.
    static func append(_ text: String, to path: String) -> String? {
        let file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
        guard file >= 0 else { return String(cString: strerror(errno)) }
        defer { close(file) }
        let bytes = Array(text.utf8)
        let count = bytes.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
        return count == bytes.count ? nil : String(cString: strerror(errno))
    }
}
