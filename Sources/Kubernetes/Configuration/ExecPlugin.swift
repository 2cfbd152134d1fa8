import Documents
import Foundation
import Processes

/// A program that gives credentials, such as `aws eks get-token`.
///
/// https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins
package struct ExecPlugin: Sendable {
    package let command: String
    package let arguments: [String]
    package let environment: [(String, String)]
    /// What KUBERNETES_EXEC_INFO holds.
    let info: String
    let installHint: String?

    /// What a plugin has given.
    struct Answer: Sendable {
        var token: String?
        var certificate: ClientCertificate?
        var expiresAt: Date?
    }

    /// How long it may take. Those that ask a person in a browser are not for programs; those that ask a server are done in seconds.
    static let timeLimit = Duration.seconds(120)

    /// Runs it. Holds no thread of the caller's. It is killed where the task is cancelled, and where it takes too long.
    /// - Throws: `KubernetesError` where it cannot be run, fails, or gives no credentials. What it has written on standard error is
    ///   part of the error, what it gave is not.
    func run(clock: any ClusterClock) async throws -> Answer {
        let process = try start()
        let (ended, isOverdue) = await withTaskCancellationHandler {
            await withTaskGroup(of: Bool.self) { group in
                group.addTask {
                    guard (try? await clock.sleep(for: Self.timeLimit)) != nil else { return false }
                    process.group.send(SIGKILL)
                    return true
                }
                let ended = await withCheckedContinuation { continuation in
                    Thread.detachNewThread { continuation.resume(returning: FinishedProcess(attending: process)) }
                }
                group.cancelAll()
                return (ended, await group.next() == true)
            }
        } onCancel: {
            process.group.send(SIGKILL)
        }
        try Task.checkCancellation()
        guard ended.status == .exited(0) else {
            let what = isOverdue ? "did not end within \(Self.timeLimit.components.seconds) s" : "failed"
            throw failure(what, details: Self.lastLines(String(decoding: ended.errors, as: UTF8.self)))
        }
        return try answer(String(decoding: ended.output, as: UTF8.self))
    }

    private func start() throws -> SpawnedProcess {
        var variables = ProcessInfo.processInfo.environment
        for (name, value) in environment { variables[name] = value }
        variables["KUBERNETES_EXEC_INFO"] = info
        do {
            return try SpawnedProcess([command] + arguments, environment: variables.map { "\($0.key)=\($0.value)" })
        } catch {
            throw failure("cannot be started: \(error.reason)")
        }
    }

    private func answer(_ output: String) throws -> Answer {
        guard let json = try? JSON(parsing: output), let status = json["status"] else {
            throw failure("gave no ExecCredential with a status")
        }
        var answer = Answer()
        answer.token = status["token"]?.string
        if let certificate = status["clientCertificateData"]?.string, let key = status["clientKeyData"]?.string {
            answer.certificate = ClientCertificate(certificate: Array(certificate.utf8), key: Array(key.utf8))
        }
        answer.expiresAt = status["expirationTimestamp"]?.string.flatMap { ClusterTime.date($0) }
        guard answer.token != nil || answer.certificate != nil else { throw failure("gave neither a token nor a certificate") }
        return answer
    }

    private func failure(_ what: String, details: [String] = []) -> KubernetesError {
        KubernetesError(
            .badCredentials, "the credential plugin '\(command)' \(what)", hint: installHint, details: details)
    }

    private static func lastLines(_ text: String) -> [String] {
        text.split(separator: "\n").suffix(5).map { String($0.prefix(500)) }
    }
}
