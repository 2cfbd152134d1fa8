package import Orchestrate

/// Somebody who may log in.
package struct User: Sendable, Hashable {
    package let name: String
    package let role: Role
    package let createdAt: Timestamp
}
