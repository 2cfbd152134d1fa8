import AsyncHTTPClient
package import Documents
import Foundation
import NIOCore

/// A client of the few APIs of Kubernetes that running pods needs.
///
/// Requests are sent again after connections were lost, after 429 and 5xx (as Retry-After says, if it does), and once with new
/// credentials after 401. What fails for good is a ``KubernetesError`` that says what was asked, of whom, and what the server said.
///
/// ```swift
/// let client = try KubernetesClient(.load())
/// let pods = try await client.pods(in: "jobs", labels: "app=leat")
/// try await client.shutdown()
/// ```
package final class KubernetesClient: Sendable {
    package let configuration: ClusterConfiguration
    package let clock: any ClusterClock
    let transport: Transport
    private let source: CredentialSource

    /// Connects to nothing yet.
    /// - Throws: `KubernetesError` where certificates or keys of the configuration cannot be read.
    package init(_ configuration: ClusterConfiguration, clock: any ClusterClock = SystemClusterClock()) throws {
        self.configuration = configuration
        self.clock = clock
        source = CredentialSource(configuration, clock: clock)
        transport = try Transport(configuration, source: source)
    }

    /// Closes all connections. The client is of no use afterwards.
    package func shutdown() async throws { try await transport.shutdown() }

    /// Sends a request and reads its answer, as JSON.
    package func call(_ request: APIRequest) async throws -> JSON {
        let bytes = try await bytes(request)
        do {
            return try JSON(parsing: bytes)
        } catch {
            throw KubernetesError(
                .badAnswer, "the answer to '\(request.words)' is not JSON",
                details: [String(decoding: bytes.prefix(200), as: UTF8.self)])
        }
    }

    /// Sends a request and reads its answer, whatever it is.
    package func bytes(_ request: APIRequest) async throws -> [UInt8] {
        try await attempt(request) { transport, pass in
            let (head, body) = try await transport.send(request, as: pass)
            return (head, try await transport.read(body))
        }
    }

    /// Opens a stream: a watch, a log. Its head is waited for as for any other answer.
    func open(_ request: APIRequest) async throws -> HTTPClientResponse.Body {
        let holder: StreamBody = try await attempt(request) { transport, pass in
            let (head, body) = try await transport.send(request, as: pass, isStream: true)
            guard head.status < 300 else { return (head, .failed(try await transport.read(body))) }
            return (head, .open(body))
        }
        guard case .open(let body) = holder else { throw KubernetesError(.badAnswer, "'\(request.words)' gave no stream") }
        return body
    }

    private enum StreamBody: AnswerContent {
        case open(HTTPClientResponse.Body)
        case failed([UInt8])

        var bytes: [UInt8] {
            if case .failed(let bytes) = self { return bytes }
            return []
        }
    }

    private func attempt<Content: AnswerContent>(
        _ request: APIRequest, _ send: (Transport, CredentialSource.Pass) async throws -> (Transport.Head, Content)
    ) async throws -> Content {
        var plan = RetryPlan()
        while true {
            let pass = try await source.pass()
            let trouble: RetryPlan.Trouble
            let failure: KubernetesError
            do {
                let (head, content) = try await send(transport, pass)
                if head.status < 300 { return content }
                trouble = .status(head.status, retryAfter: head.retryAfter.flatMap { Int($0) })
                failure = KubernetesError(status: head.status, answer: content.bytes, to: request, configuration)
            } catch let error as KubernetesError where error.kind == .unreachable {
                trouble = .noAnswer
                failure = error
            }
            // More of a quota is not there a moment later.
            if failure.kind == .quota { throw failure }
            switch plan.next(after: trouble, chance: clock.chance()) {
            case .wait(let pause): try await clock.sleep(for: pause)
            case .refresh: guard await source.refresh(after: pass) else { throw failure }
            case .giveUp: throw failure
            }
        }
    }
}

/// What came with an answer.
private protocol AnswerContent: Sendable {
    var bytes: [UInt8] { get }
}

extension [UInt8]: AnswerContent {
    fileprivate var bytes: [UInt8] { self }
}
