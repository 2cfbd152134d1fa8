/// How a session with a source or a destination is opened.
package struct SessionOptions: Sendable {
    /// What the other side sees of us.
    package var applicationName: String
    /// Asked while waiting for the other side; the attempt ends once it says true.
    package var isCancelled: @Sendable () -> Bool

    package init(applicationName: String = "leat", isCancelled: @escaping @Sendable () -> Bool = { false }) {
        self.applicationName = applicationName
        self.isCancelled = isCancelled
    }
}
