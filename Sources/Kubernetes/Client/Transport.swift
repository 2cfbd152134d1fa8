import AsyncHTTPClient
import Documents
import Foundation
import NIOCore
import NIOHTTP1
import NIOSSL

/// Sends single requests to the API server, as who the configuration says, and reads answers.
struct Transport: Sendable {
    let configuration: ClusterConfiguration
    let source: CredentialSource
    /// For requests that are answered soon.
    private let calls: HTTPClient
    /// For watches and logs, each of which holds a connection as long as it lasts.
    private let streams: HTTPClient
    private let certificates: TLSConfiguration?
    private let base: String

    /// An answer that was read whole, or is being read.
    struct Head: Sendable {
        let status: Int
        let retryAfter: String?
    }

    /// How long the server may take to answer.
    static let answerTime = TimeAmount.seconds(60)
    /// Some servers begin to answer for a log when there is something in it.
    static let logTime = TimeAmount.hours(24)
    /// No answer is longer: a page of 500 pods is a tenth of this at the most.
    static let maximumAnswer = 256 << 20

    init(_ configuration: ClusterConfiguration, source: CredentialSource) throws {
        self.configuration = configuration
        self.source = source
        certificates = configuration.usesTLS ? try Self.tls(configuration) : nil
        var client = HTTPClient.Configuration()
        client.httpVersion = .http1Only
        client.redirectConfiguration = .disallow
        client.timeout = .init(connect: .seconds(15))
        client.tlsConfiguration = certificates
        client.decompression = .disabled
        switch configuration.proxy {
        case nil: break
        case .some(let proxy) where proxy.kind == .socks: client.proxy = .socksServer(host: proxy.host, port: proxy.port)
        case .some(let proxy):
            client.proxy = .server(
                host: proxy.host, port: proxy.port,
                authorization: proxy.user.map { .basic(username: $0, password: proxy.password ?? "") })
        }
        // The name in the certificate takes the place of the host, and the host is where it leads.
        if let name = configuration.serverName, name != configuration.host {
            guard configuration.proxy == nil else {
                throw KubernetesError(.badConfiguration, "'tls-server-name' and 'proxy-url' do not work together")
            }
            client.dnsOverride = [name: configuration.host]
            base = configuration.server.replacingOccurrences(
                of: "://" + configuration.host, with: "://" + name,
                range: configuration.server.range(of: "://" + configuration.host))
        } else {
            base = configuration.server
        }
        // This client has pauses of its own between tries.
        client.connectionPool.retryConnectionEstablishment = false
        client.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 16
        client.http1_1ConnectionDebugInitializer = Self.keepAlive
        // Of an answer that has begun the rest comes soon, or it never will.
        client.timeout.read = Self.answerTime
        calls = HTTPClient(eventLoopGroupProvider: .singleton, configuration: client)
        client.timeout.read = nil
        client.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 8192
        streams = HTTPClient(eventLoopGroupProvider: .singleton, configuration: client)
    }

    func shutdown() async throws {
        try await calls.shutdown()
        try await streams.shutdown()
    }

    /// Has the system find out about connections whose other side is gone without a word: a watch or a log may be silent for long, and
    /// says nothing of that by itself. After 60 s without anything it asks each 15 s, and gives up after four times.
    private static let keepAlive: @Sendable (any Channel) -> EventLoopFuture<Void> = { channel in
        let tcp = NIOBSDSocket.OptionLevel.tcp
        #if canImport(Darwin)
            let idle = NIOBSDSocket.Option(rawValue: TCP_KEEPALIVE)
        #else
            let idle = NIOBSDSocket.Option(rawValue: TCP_KEEPIDLE)
        #endif
        let options: [(ChannelOptions.Types.SocketOption, Int)] = [
            (.init(level: .socket, name: .so_keepalive), 1), (.init(level: tcp, name: idle), 60),
            (.init(level: tcp, name: .init(rawValue: TCP_KEEPINTVL)), 15),
            (.init(level: tcp, name: .init(rawValue: TCP_KEEPCNT)), 4),
        ]
        let settings = options.map { channel.setOption($0, value: $1) }
        return EventLoopFuture.andAllSucceed(settings, on: channel.eventLoop)
    }

    private static func tls(_ configuration: ClusterConfiguration) throws -> TLSConfiguration {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.minimumTLSVersion = .tlsv12
        if configuration.skipsVerification {
            tls.certificateVerification = .none
        } else if let authority = configuration.authority {
            do {
                tls.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(authority))
            } catch {
                throw KubernetesError(.badConfiguration, "the cluster's certificate authority is not PEM")
            }
        }
        if let certificate = configuration.clientCertificate { try add(certificate, to: &tls) }
        return tls
    }

    private static func add(_ certificate: ClientCertificate, to tls: inout TLSConfiguration) throws {
        do {
            tls.certificateChain = try NIOSSLCertificate.fromPEMBytes(certificate.certificate).map { .certificate($0) }
            tls.privateKey = .privateKey(try NIOSSLPrivateKey(bytes: certificate.key, format: .pem))
        } catch {
            throw KubernetesError(
                .badConfiguration, "the client certificate or its key is not PEM that can be read",
                hint: "keys are PKCS#1, PKCS#8 or EC, without a password")
        }
    }

    /// Sends a request and returns when the head of the answer is there.
    func send(
        _ request: APIRequest, as pass: CredentialSource.Pass, isStream: Bool = false
    ) async throws -> (Head, HTTPClientResponse.Body) {
        let isLog = isStream && request.resource == "pods/log"
        var http = HTTPClientRequest(url: base + request.target)
        http.method = HTTPMethod(rawValue: request.method.rawValue)
        http.headers.add(name: "accept", value: request.accept)
        http.headers.add(name: "user-agent", value: "leat")
        if let authorization = pass.authorization { http.headers.add(name: "authorization", value: authorization) }
        addImpersonation(to: &http.headers)
        if let body = request.body {
            http.headers.add(name: "content-type", value: request.contentType)
            http.body = .bytes(ByteBuffer(bytes: body.bytes()))
        }
        // A plugin's certificate is not known when the client is made.
        if let certificate = pass.certificate, certificate != configuration.clientCertificate, var tls = certificates {
            try Self.add(certificate, to: &tls)
            http.tlsConfiguration = tls
        }
        do {
            let response = try await (isStream ? streams : calls).execute(http, timeout: isLog ? Self.logTime : Self.answerTime)
            let head = Head(status: Int(response.status.code), retryAfter: response.headers.first(name: "retry-after"))
            return (head, response.body)
        } catch let error as KubernetesError {
            throw error
        } catch {
            try Task.checkCancellation()
            throw unreachable(error)
        }
    }

    private func addImpersonation(to headers: inout HTTPHeaders) {
        let other = configuration.impersonation
        if let user = other.user { headers.add(name: "Impersonate-User", value: user) }
        if let uid = other.uid { headers.add(name: "Impersonate-Uid", value: uid) }
        for group in other.groups { headers.add(name: "Impersonate-Group", value: group) }
        for (key, value) in other.extra { headers.add(name: "Impersonate-Extra-\(APIRequest.encoded(key))", value: value) }
    }

    /// Reads the rest of an answer.
    func read(_ body: HTTPClientResponse.Body) async throws -> [UInt8] {
        do {
            var buffer = try await body.collect(upTo: Self.maximumAnswer)
            return buffer.readBytes(length: buffer.readableBytes) ?? []
        } catch is NIOTooManyBytesError {
            throw KubernetesError(.badAnswer, "an answer of the API server is longer than 256 MB")
        } catch {
            try Task.checkCancellation()
            throw unreachable(error)
        }
    }

    /// What a connection's error means.
    func unreachable(_ error: any Error) -> KubernetesError {
        let text = String(describing: error)
        var hint: String?
        if text.contains("CERTIFICATE_VERIFY_FAILED") || text.contains("unableToValidateCertificate") {
            hint =
                "its certificate is not of the cluster's authority, or names another host: see certificate-authority and "
                + "tls-server-name in the kubeconfig"
        }
        return KubernetesError(
            .unreachable, "the API server at \(configuration.server) cannot be reached", hint: hint,
            details: [String(text.prefix(300))])
    }
}
