package import Documents

/// The variables of an invocation, and which of them a package sees.
package struct Variables: Sendable {
    /// `--vars`, which win over everything.
    package var commandLine: JSON.Members
    /// `vars:` of each package's dbt_project.yml.
    package var byPackage: [String: JSON.Members] = [:]
    package var rootPackage: String

    package init(commandLine: JSON.Members = JSON.Members(), rootPackage: String = "") {
        self.commandLine = commandLine
        self.rootPackage = rootPackage
    }

    /// The value of `name` as a node of `package` sees it.
    ///
    /// The command line wins, then what the root project says for the package, then what it says for all, then the
    /// package's own variables.
    package func value(_ name: String, in package: String?) -> JSON? {
        if let value = commandLine[name] { return value }
        let package = package ?? rootPackage
        if let root = byPackage[rootPackage] {
            if let value = root[package]?.object?[name] { return value }
            if let value = root[name] { return value }
        }
        guard package != rootPackage, let own = byPackage[package] else { return nil }
        return own[package]?.object?[name] ?? own[name]
    }

    /// The names that a node of `package` may ask for.
    package func names(in package: String?) -> [String] {
        let package = package ?? rootPackage
        let root = byPackage[rootPackage] ?? JSON.Members()
        let own = package == rootPackage ? JSON.Members() : byPackage[package] ?? JSON.Members()
        return commandLine.keys + (root[package]?.object?.keys ?? []) + root.keys + (own[package]?.object?.keys ?? []) + own.keys
    }
}
