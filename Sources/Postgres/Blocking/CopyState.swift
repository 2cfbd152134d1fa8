/// Whether a session is in the middle of a COPY.
enum CopyState: Sendable {
    case none
    /// Rows come from the server.
    case out
    /// Rows go to the server.
    case `in`
}
