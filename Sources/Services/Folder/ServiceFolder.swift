import Crypto
import Foundation

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Where a service keeps its cluster, and as whom it runs.
///
/// PROJECT/.leat/services/NAME with `data/` (the cluster), `run/` (the socket), `server.log`, `service.json` and `lock`.
/// Where the unprivileged user that a server of root runs as cannot reach the project (a checkout below /root), the folder
/// is /var/lib/leat/HASH/NAME instead (see ``FallbackFolder``), and a symbolic link at the usual place leads there.
struct ServiceFolder: Sendable {
    let path: String
    let identity: ProcessIdentity
    /// The folder that keeps the server's user from the usual place.
    let closed: String?

    var data: String { path + "/data" }
    var log: String { path + "/server.log" }
    var record: String { path + "/service.json" }
    var lock: String { path + "/lock" }

    /// The private folder of the server's socket. Socket paths have room for about 100 bytes, so a service of a deep
    /// folder has it below /tmp.
    var socket: String {
        let usual = path + "/run"
        if usual.utf8.count + "/.s.PGSQL.65535.lock".utf8.count < 100 { return usual }
        return "/tmp/leat-\(identity.userID)-\(Self.hash(path))"
    }

    /// Whether a cluster was made here.
    var hasData: Bool { FileSystem.exists(data + "/PG_VERSION") }

    /// Finds the folder of a service, whether it exists or not.
    ///
    /// - Throws: ``ServicesError`` if its data belongs to a user that we cannot become.
    static func find(project: String, name: String) throws(ServicesError) -> ServiceFolder {
        let project = FileSystem.canonical(project)
        let usual = "\(project)/.leat/services/\(name)"
        let unprivileged = try ProcessIdentity.unprivileged()
        var path = usual
        var closed: String?
        if unprivileged.isOther, !FileSystem.exists(usual + "/data") || FileSystem.isLink(usual) {
            closed = unprivileged.closedFolder(on: nearestExisting(project: project))
            if closed != nil { path = FallbackFolder.find(project: project, name: name, for: unprivileged) }
        }
        return ServiceFolder(path: path, identity: try identity(for: path, unprivileged), closed: closed)
    }

    /// Makes the folder and what leads to it.
    func create(project: String, name: String) throws(ServicesError) {
        let project = FileSystem.canonical(project)
        let usual = "\(project)/.leat/services/\(name)"
        try FileSystem.makeDirectory("\(project)/.leat", mode: 0o755)
        try FileSystem.makeDirectory("\(project)/.leat/services", mode: 0o755)
        let ignore = "\(project)/.leat/.gitignore"
        if !FileSystem.exists(ignore) { try FileSystem.write("*\n", to: ignore, mode: 0o644) }
        if path != usual { try createFallback(usual: usual, project: project) }
        try FileSystem.makeDirectory(path, mode: 0o700, owner: identity)
        try createSocketFolder()
    }

    /// The folder is found by its name alone, so it must be ours and not something that another user put there.
    private func createFallback(usual: String, project: String) throws(ServicesError) {
        let parent = (path as NSString).deletingLastPathComponent
        let shared = (parent as NSString).deletingLastPathComponent
        if FallbackFolder.isOwn(shared) {
            try FileSystem.makeDirectory(shared, mode: 0o711)
            try requireOwner(of: shared, [geteuid()])
        }
        try FileSystem.makeDirectory(parent, mode: 0o711)
        try requireOwner(of: parent, [geteuid()])
        if FileSystem.isDirectory(path) { try requireOwner(of: path, [geteuid(), identity.userID]) }
        if !FileSystem.isLink(usual) {
            // Who deletes .leat wants to begin anew, wherever the data lies.
            for old in FallbackFolder.candidates(project: project, name: (path as NSString).lastPathComponent) {
                guard let owner = FileSystem.status(of: old)?.st_uid, [geteuid(), identity.userID].contains(owner) else {
                    continue
                }
                if !FileSystem.exists(old + "/data/postmaster.pid") { FileSystem.remove(old) }
            }
        }
        try FileSystem.write(project + "\n", to: parent + "/project", mode: 0o644)
        if FileSystem.isLink(usual) || FileSystem.isDirectory(usual) { FileSystem.remove(usual) }
        guard symlink(path, usual) == 0 || errno == EEXIST else { throw FileSystem.failure("cannot make the link \(usual)") }
    }

    private func createSocketFolder() throws(ServicesError) {
        try FileSystem.makeDirectory(socket, mode: 0o700, owner: identity)
        try requireOwner(of: socket, [identity.userID])
    }

    private func requireOwner(of folder: String, _ owners: Set<uid_t>) throws(ServicesError) {
        guard let status = FileSystem.status(of: folder), owners.contains(status.st_uid), status.st_mode & 0o022 == 0 else {
            throw ServicesError(
                .dataOwner, "the folder \(folder) belongs to another user, or others may write in it",
                hint: "remove it, then try again")
        }
    }

    /// As whom to run the server: as the owner of what is there, if we are that or root.
    private static func identity(for path: String, _ unprivileged: ProcessIdentity) throws(ServicesError) -> ProcessIdentity {
        guard let owner = ProcessIdentity.owner(of: path) else { return unprivileged }
        let data = ProcessIdentity.owner(of: path + "/data/PG_VERSION") ?? owner
        for owner in [owner, data] where owner.userID != geteuid() || owner.userID == 0 {
            guard geteuid() == 0 else {
                let me = ProcessIdentity.current.name
                throw ServicesError(
                    .dataOwner, "\(path) belongs to \(owner.name), but this is \(me)",
                    hint: "run leat as \(owner.name) or as root, or have root give it to you: chown -R \(me) \(shellQuoted(path))"
                )
            }
            guard owner.userID != 0 else {
                throw ServicesError(
                    .dataOwner, "\(path) belongs to root, whom PostgreSQL refuses to run as",
                    hint: "give it to another user: chown -R \(unprivileged.name) \(shellQuoted(path))")
            }
        }
        return data
    }

    /// The deepest folder on the way to the services that exists already.
    private static func nearestExisting(project: String) -> String {
        ["\(project)/.leat/services", "\(project)/.leat"].first(where: FileSystem.exists) ?? project
    }

    static func hash(_ text: String) -> String {
        SHA256.hash(data: Data(text.utf8)).prefix(6).map { String(format: "%02x", $0) }.joined()
    }
}
