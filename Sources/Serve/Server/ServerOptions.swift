/// Where the server listens.
package struct ServerOptions: Sendable {
    /// A name or address; others than this machine's own open the server to the network.
    package var host: String
    /// 0 for any that is free.
    package var port: Int
    /// Whether something in front of the server speaks TLS with browsers, so that cookies may ask for it.
    package var isBehindTLS: Bool

    package init(host: String = "127.0.0.1", port: Int = 8080, isBehindTLS: Bool = false) {
        self.host = host
        self.port = port
        self.isBehindTLS = isBehindTLS
    }
}
