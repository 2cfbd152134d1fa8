import Foundation

/// Has the credentials of the moment, and gets new ones when they are over.
actor CredentialSource {
    /// What a request carries.
    struct Pass: Sendable, Hashable {
        var authorization: String?
        var certificate: ClientCertificate?
    }

    private let credentials: Credentials
    private let certificate: ClientCertificate?
    private let clock: any ClusterClock
    private var cached: (pass: Pass, until: Date?)?
    private var renewal: Task<Pass, any Error>?

    /// How long a token file's content is used without looking; tokens of service accounts rotate about each hour.
    private static let fileAge: TimeInterval = 60
    /// A token is renewed so long before its end that no request carries one which ends on the way.
    private static let margin: TimeInterval = 10

    init(_ configuration: ClusterConfiguration, clock: any ClusterClock) {
        credentials = configuration.credentials
        certificate = configuration.clientCertificate
        self.clock = clock
    }

    /// What the next request is to carry.
    func pass() async throws -> Pass {
        if let cached, cached.until.map({ clock.now() < $0 }) != false { return cached.pass }
        // Of many that ask at once one runs the plugin, and all take what it gives.
        if let renewal { return try await renewal.value }
        let task = Task { try await renew() }
        renewal = task
        defer { renewal = nil }
        return try await task.value
    }

    /// Whether there may be better credentials than `refused`, which the server did not take.
    func refresh(after refused: Pass) async -> Bool {
        switch credentials {
        case .none, .token, .basic: return false
        case .tokenFile, .exec:
            // Somebody else may have renewed them meanwhile.
            if cached?.pass == refused { cached = nil }
            return true
        }
    }

    private func renew() async throws -> Pass {
        var pass = Pass(certificate: certificate)
        var until: Date?
        switch credentials {
        case .none: break
        case .token(let token): pass.authorization = "Bearer \(token)"
        case .basic(let user, let password):
            pass.authorization = "Basic \(Data("\(user):\(password)".utf8).base64EncodedString())"
        case .tokenFile(let path):
            guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
                throw KubernetesError(.badCredentials, "the token file '\(path)' cannot be read")
            }
            pass.authorization = "Bearer \(text.trimmingCharacters(in: .whitespacesAndNewlines))"
            until = clock.now().addingTimeInterval(Self.fileAge)
        case .exec(let plugin):
            let answer = try await plugin.run(clock: clock)
            pass.authorization = answer.token.map { "Bearer \($0)" }
            pass.certificate = answer.certificate ?? certificate
            // Without an end it is good until the server refuses it.
            until = answer.expiresAt?.addingTimeInterval(-Self.margin)
        }
        cached = (pass, until)
        return pass
    }
}
