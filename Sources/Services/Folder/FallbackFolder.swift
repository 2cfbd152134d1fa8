import Foundation

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Where the data of root's projects lies that the server's user cannot enter.
///
/// /var/lib/leat/HASH/NAME on Linux, where nobody cleans up; /var/tmp/leat-UID-HASH/NAME where that cannot be.
enum FallbackFolder {
    static let library = "/var/lib"

    /// All places, the preferred one first.
    static func candidates(project: String, name: String, library: String = library) -> [String] {
        let hash = ServiceFolder.hash(project)
        let temporary = "/var/tmp/leat-\(geteuid())-\(hash)/\(name)"
        #if os(Linux)
            return ["\(library)/leat/\(hash)/\(name)", temporary]
        #else
            return [temporary]
        #endif
    }

    /// The place to use: where the data is already, or the first one that can be made and that `user` can enter.
    static func find(project: String, name: String, for user: ProcessIdentity, library: String = library) -> String {
        let candidates = candidates(project: project, name: name, library: library)
        let usual = "\(project)/.leat/services/\(name)"
        let target = try? FileManager.default.destinationOfSymbolicLink(atPath: usual)
        let used = candidates.first { place in
            FileSystem.exists(place + "/data/PG_VERSION")
                && (place == target || FileSystem.exists(place + "/data/postmaster.pid"))
        }
        if let used { return used }
        #if os(Linux)
            let own = library + "/leat"
            let isUsable =
                FileSystem.isDirectory(own)
                ? user.closedFolder(on: own) == nil && access(own, W_OK) == 0
                : user.closedFolder(on: library) == nil && access(library, W_OK) == 0
            if isUsable { return candidates[0] }
        #endif
        return candidates[candidates.count - 1]
    }

    /// Whether `folder` is one of Leat's that all projects share.
    static func isOwn(_ folder: String) -> Bool { folder == library + "/leat" }
}
