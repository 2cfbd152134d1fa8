#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// What can be found wrong before anything is made or started.
extension PostgresService {
    /// A setting of a service, for pointing at it.
    package enum Setting: String, Sendable {
        case name, port, database, user, password
    }

    /// The first setting that cannot be.
    package func invalidSetting() -> (setting: Setting, error: ServicesError)? {
        func invalid(_ setting: Setting, _ message: String, hint: String? = nil) -> (Setting, ServicesError) {
            (setting, ServicesError(.invalid, message, hint: hint))
        }
        guard Self.isPlain(name), !name.isEmpty, !name.hasPrefix("-"), name.utf8.count <= 60 else {
            return invalid(
                .name, "'\(name)' cannot be the name of a service", hint: "use letters, digits, '_' and '-', at most 60")
        }
        guard (1...65535).contains(port) else {
            return invalid(.port, "the service '\(name)' cannot listen on port \(port)", hint: "set \(portSetting)")
        }
        for (setting, value) in [(Setting.database, database), (.user, user)] {
            guard !value.isEmpty, value.utf8.count <= 63, !value.utf8.contains(0) else {
                return invalid(
                    setting, "the service '\(name)' needs a \(setting.rawValue) name of 1 to 63 bytes, not '\(value)'")
            }
        }
        guard !user.hasPrefix("pg_") else {
            return invalid(.user, "the user '\(user)' of service '\(name)' is a name that PostgreSQL keeps for itself")
        }
        guard !password.isEmpty else {
            return invalid(
                .password, "the service '\(name)' has no password", hint: "PostgreSQL lets nobody in without one")
        }
        return nil
    }

    /// The first init script that is not there or cannot be read, by its place in ``initScripts``.
    package func unreadableScript() -> (index: Int, error: ServicesError)? {
        for (index, script) in initScripts.enumerated() {
            let path = InitScript.path(script, in: project)
            let reason: String
            if !FileSystem.exists(path) {
                reason = "does not exist in \(project)"
            } else if FileSystem.isDirectory(FileSystem.canonical(path)) {
                reason = "is a folder"
            } else if access(path, R_OK) != 0 {
                reason = "cannot be read: \(String(cString: strerror(errno)))"
            } else {
                continue
            }
            return (
                index,
                ServicesError(
                    .scriptMissing, "the init script \(script) of service '\(name)' \(reason)",
                    hint: "paths in 'init' are relative to the folder of leat.yml")
            )
        }
        return nil
    }

    /// - Throws: ``ServicesError`` with code `services.invalid`.
    func validate() throws(ServicesError) {
        if let invalid = invalidSetting() { throw invalid.error }
    }

    /// Refuses what cannot come up: wrong settings, scripts that are not there, a port that is taken, a folder that holds
    /// something else.
    func requireUsable() throws(ServicesError) {
        try validate()
        if let script = unreadableScript() { throw script.error }
        let folder = try folder()
        try requireFreePort(folder)
        if !folder.hasData { try requireNothingElse(in: folder) }
    }

    /// A `data` without a cluster in it is what somebody else put there: it is not overwritten.
    func requireNothingElse(in folder: ServiceFolder) throws(ServicesError) {
        guard FileSystem.exists(folder.data) else { return }
        guard FileSystem.isDirectory(folder.data), FileSystem.names(in: folder.data).isEmpty else {
            throw ServicesError(
                .folder, "\(folder.data) exists but holds no PostgreSQL cluster (it has no PG_VERSION)",
                hint: "look what it is, and move it away")
        }
    }

    private static func isPlain(_ name: String) -> Bool {
        name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
                true
            default: false
            }
        }
    }
}
