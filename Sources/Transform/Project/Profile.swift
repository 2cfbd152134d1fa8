package import Documents

/// The profile that a project uses, with the target chosen.
package struct Profile: Sendable {
    package var name: String
    package var targetName: String
    package var credentials: Credentials
    package var threads: Int
    /// Keys that are probably misspelt.
    var warnings: [Manifest.Warning] = []

    /// What templates see as `target`.
    package var targetMembers: JSON.Members {
        credentials.contextMembers(profile: name, target: targetName, threads: threads)
    }
}
