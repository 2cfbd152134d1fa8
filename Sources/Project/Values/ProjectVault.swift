package import Orchestrate

/// The variables, connections and secrets of a project.
package enum ProjectVault {
    /// The vault over a store that is open already.
    package static func open(_ project: LeatProject, store: any ValueStore, author: Author) -> Vault {
        Vault(store: store, keys: keys(of: project.directory, environment: project.environment), author: author)
    }

    /// Where the keys of a project's values come from.
    static func keys(of directory: String, environment: [String: String]) -> SecretKeySource {
        SecretKeySource(environment: environment, ownFile: directory + "/.leat/secret.key")
    }
}

extension ProjectControl {
    /// The project's variables, connections and secrets.
    package var vault: Vault { ProjectVault.open(project, store: store, author: control.author) }
}
