import Synchronization

/// Opens the tunnel of an endpoint when a connection needs it, and lets all that exist at a time go through one.
final class TunnelHolder: Sendable {
    private struct Reference {
        weak var tunnel: SSHTunnel?
    }

    private let settings: TunnelSettings
    private let host: String
    private let port: Int
    private let open = Mutex(Reference())

    /// - Parameters:
    ///   - host: the server, as the other machine calls it.
    ///   - port: its port.
    init(_ settings: TunnelSettings, host: String, port: Int) {
        self.settings = settings
        self.host = host
        self.port = port
    }

    /// The tunnel, which lasts as long as somebody holds it. Blocks until it is open.
    func tunnel(timeout: Duration, isCancelled: () -> Bool) throws(ConnectorError) -> SSHTunnel {
        let outcome = open.withLock { reference -> Result<SSHTunnel, ConnectorError> in
            if let tunnel = reference.tunnel, tunnel.isOpen { return .success(tunnel) }
            let result = Result { () throws(ConnectorError) in
                try SSHTunnel(settings, to: host, port, timeout: timeout, isCancelled: isCancelled)
            }
            reference.tunnel = try? result.get()
            return result
        }
        return try outcome.get()
    }
}
