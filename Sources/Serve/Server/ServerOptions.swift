/// Where the server listens.
package struct ServerOptions: Sendable {
    /// A name or address; others than this machine's own open the server to the network.
    package var host: String
    /// 0 for any that is free.
    package var port: Int
    /// Whether something in front of the server speaks TLS with browsers, so that cookies may ask for it.
    package var isBehindTLS: Bool
    /// How many requests each address may send a second; 0 for any number.
    package var requestsPerSecond: Int
    /// With these the server speaks TLS itself.
    package var tls: TLSFiles?
    /// Hears of each request that was answered.
    package var requestLog: (@Sendable (RequestEntry) -> Void)?

    package init(
        host: String = "127.0.0.1", port: Int = 8080, isBehindTLS: Bool = false, requestsPerSecond: Int = 0, tls: TLSFiles? = nil,
        requestLog: (@Sendable (RequestEntry) -> Void)? = nil
    ) {
        self.host = host
        self.port = port
        self.isBehindTLS = isBehindTLS
        self.requestsPerSecond = requestsPerSecond
        self.tls = tls
        self.requestLog = requestLog
    }
}
