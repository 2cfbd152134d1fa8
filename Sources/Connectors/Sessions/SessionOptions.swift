#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// How a session with a source or a destination is opened.
package struct SessionOptions: Sendable {
    /// What the other side sees of us.
    package var applicationName: String
    /// Asked while waiting for the other side; the attempt ends once it says true.
    package var isCancelled: @Sendable () -> Bool

    /// How long a source may say nothing before it counts as hanging.
    package var heartbeat: Duration = Self.usualHeartbeat

    /// Airbyte's three hours, or what the environment says.
    package static let usualHeartbeat: Duration = {
        let given = getenv("LEAT_HEARTBEAT_SECONDS").flatMap { Double(String(cString: $0)) }
        return .seconds(given.flatMap { $0 > 0 ? $0 : nil } ?? 3 * 3600)
    }()

    package init(applicationName: String = "leat", isCancelled: @escaping @Sendable () -> Bool = { false }) {
        self.applicationName = applicationName
        self.isCancelled = isCancelled
    }
}
