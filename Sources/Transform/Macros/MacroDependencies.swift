import Jinja
import Synchronization

/// Which macros a macro calls, found in its source; computed when somebody asks.
final class MacroDependencies: Sendable {
    private let known = Mutex<[String: [String]]>([:])
    private let closures = Mutex<[String: Set<String>]>([:])

    /// Functions of templates that are no macros, and those that dbt does not count.
    private static let functions: Set<String> = [
        "source", "ref", "config", "return", "log", "print", "var", "env_var", "tojson", "fromjson", "toyaml", "fromyaml", "set",
        "set_strict", "zip", "zip_strict", "local_md5", "diff_of_two_dicts", "doc",
    ]

    /// The ids of the macros that `macro` calls, each once.
    func direct(of macro: MacroRecord, in library: MacroLibrary) -> [String] {
        if let found = known.withLock({ $0[macro.id] }) { return found }
        var ids: [String] = []
        for site in macro.file.callSites(of: macro.name) {
            for name in Self.names(called: site, by: macro, library) {
                guard let target = Self.target(name, of: macro, library), !ids.contains(target.id) else { continue }
                ids.append(target.id)
            }
        }
        known.withLock { $0[macro.id] = ids }
        return ids
    }

    /// The ids of the macros, and of all that they reach.
    func closure(of roots: [MacroRecord], in library: MacroLibrary) -> Set<String> {
        var result: Set<String> = []
        for root in roots {
            if let found = closures.withLock({ $0[root.id] }) {
                result.formUnion(found)
                continue
            }
            var seen: Set<String> = [root.id]
            var open = [root]
            while let macro = open.popLast() {
                for id in direct(of: macro, in: library) where seen.insert(id).inserted {
                    if let next = library.macro(id: id) { open.append(next) }
                }
            }
            closures.withLock { $0[root.id] = seen }
            result.formUnion(seen)
        }
        return result
    }

    private static func names(called site: CallSite, by macro: MacroRecord, _ library: MacroLibrary) -> [[String]] {
        switch site.path.count {
        case 1: return functions.contains(site.path[0]) ? [] : [site.path]
        case 2 where site.path[0] == "adapter":
            guard site.path[1] == "dispatch" else { return [] }
            func text(_ index: Int, _ name: String) -> String? {
                if site.positional.indices.contains(index) { return site.positional[index]?.stringValue }
                return site.named.first { $0.name == name }?.value?.stringValue
            }
            guard let name = text(0, "macro_name") else { return [] }
            guard let found = try? library.dispatch(name, namespace: text(1, "macro_namespace"), from: "") else {
                return [[name]]
            }
            return [[name], [found.package, found.name]]
        case 2: return [site.path]
        default: return []
        }
    }

    /// A macro that only dispatches calls one of its own name: that one is not meant.
    private static func target(_ path: [String], of macro: MacroRecord, _ library: MacroLibrary) -> MacroRecord? {
        if path.count == 2 { return library.staticTarget(of: path[1], in: path[0]) }
        return path[0] == macro.name ? nil : library.staticTarget(of: path[0], in: macro.package)
    }
}
