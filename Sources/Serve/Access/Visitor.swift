/// Who has sent a request, and how we know.
struct Visitor: Sendable, Hashable {
    let name: String
    let role: Role
    /// The secret of the browser's session; nil for a caller with a token of its own, whom no web page can impersonate.
    let session: SessionSecret?
}
