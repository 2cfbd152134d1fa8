import Diagnostics

/// All macros of a project, its packages and the ones built in, by package and name.
package final class MacroLibrary: Sendable {
    /// The packages that are built in, the more specific one first. They answer to the name `dbt` together.
    static let builtInPackages = ["dbt_postgres", "dbt"]

    let rootPackage: String
    /// By package, then by name.
    let packages: [String: [String: MacroRecord]]
    /// The built-in macros as one namespace.
    let builtIn: [String: MacroRecord]
    /// In the order of reading: the built-in ones, then package by package.
    let all: [MacroRecord]
    private let dispatchRules: [String: [String]]
    /// What a bare name means to code that belongs to no package: the project's, then any package's, then a built-in one.
    let anywhere: [String: MacroRecord]
    let dependencies = MacroDependencies()
    let inert = InertMacros()

    init(rootPackage: String, macros: [MacroRecord], dispatch: [ProjectDefinition.DispatchRule]) {
        self.rootPackage = rootPackage
        all = macros
        var packages: [String: [String: MacroRecord]] = [:]
        for macro in macros { packages[macro.package, default: [:]][macro.name] = macro }
        var builtIn: [String: MacroRecord] = [:]
        for package in Self.builtInPackages.reversed() {
            builtIn.merge(packages[package] ?? [:]) { _, specific in specific }
        }
        self.packages = packages
        self.builtIn = builtIn
        var anywhere = builtIn
        for macro in macros where !Self.builtInPackages.contains(macro.package) && macro.package != rootPackage {
            anywhere[macro.name] = macro
        }
        anywhere.merge(packages[rootPackage] ?? [:]) { _, own in own }
        self.anywhere = anywhere
        dispatchRules = Dictionary(dispatch.map { ($0.namespace, $0.searchOrder) }) { first, _ in first }
    }

    /// What a bare name means to a node of `package`: its own macro, the root project's, a built-in one.
    func macro(named name: String, from package: String) -> MacroRecord? {
        packages[package].flatMap { Self.builtInPackages.contains(package) ? nil : $0[name] } ?? packages[rootPackage]?[name]
            ?? builtIn[name]
    }

    /// The macros that `package.name` reaches; nil where there is no such package.
    func namespace(_ package: String) -> [String: MacroRecord]? {
        package == "dbt" ? builtIn : packages[package]
    }

    /// The macro that `adapter.dispatch` chooses.
    ///
    /// - Throws: ``TransformError`` that says where it looked.
    func dispatch(_ name: String, namespace: String?, from package: String) throws(TransformError) -> MacroRecord {
        let prefixes = ["postgres__", "default__"]
        var tried: [String] = []
        for searched in searchOrder(for: namespace) {
            for prefix in prefixes {
                let full = prefix + name
                let found = searched.map { self.namespace($0)?[full] } ?? macro(named: full, from: package)
                if let found { return found }
                tried.append("'" + (searched.map { $0 + "." } ?? "") + full + "'")
            }
        }
        throw TransformError(
            .compilation,
            "In dispatch: No macro named '\(name)' found within namespace: '\(namespace ?? "None")'",
            details: ["Searched for: \(tried.joined(separator: ", "))"])
    }

    private func searchOrder(for namespace: String?) -> [String?] {
        guard let namespace else { return [nil] }
        if let order = dispatchRules[namespace] { return order }
        return [rootPackage, namespace]
    }

    /// The macro that runs a materialization: one for Postgres before one for all, the project's before built-in ones.
    func materialization(_ name: String, from package: String) -> MacroRecord? {
        for suffix in ["postgres", "default"] {
            let full = "materialization_\(name)_\(suffix)"
            if let found = packages[rootPackage]?[full] ?? packages[package]?[full] ?? elsewhere(full) ?? builtIn[full] {
                return found
            }
        }
        return nil
    }

    /// The macro that gives a node its schema, database or alias: its package's own, the project's, the built-in one.
    func nameGenerator(_ component: String, for package: String) -> MacroRecord? {
        let name = "generate_\(component)_name"
        if package != rootPackage, let own = packages[package]?[name] { return own }
        return packages[rootPackage]?[name] ?? builtIn[name]
    }

    private func elsewhere(_ name: String) -> MacroRecord? {
        all.first { $0.name == name && !Self.builtInPackages.contains($0.package) }
    }

    /// The macro that a call in the source of a macro of `package` means, as dbt finds out without running it.
    func staticTarget(of name: String, in package: String) -> MacroRecord? {
        packages[package]?[name] ?? anywhere[name]
    }

    /// The macro with an id such as `macro.dbt.statement`.
    func macro(id: String) -> MacroRecord? {
        let parts = id.split(separator: ".", maxSplits: 2)
        guard parts.count == 3 else { return nil }
        return packages[String(parts[1])]?[String(parts[2])]
    }

    /// What somebody probably meant.
    func suggestion(for name: String, from package: String) -> String? {
        let names = Array((packages[package] ?? [:]).keys) + Array((packages[rootPackage] ?? [:]).keys) + Array(builtIn.keys)
        return Suggestion.hint(for: name, in: names.sorted())
    }
}
