import Foundation
import Subprocess

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The user that a server runs as: ourselves, or, for root, an unprivileged one, since PostgreSQL refuses root.
struct ProcessIdentity: Sendable, Hashable {
    let name: String
    let userID: uid_t
    let groupID: gid_t

    /// Whether privileges have to be dropped to become this user.
    var isOther: Bool { userID != geteuid() }

    /// Who we are, or for root the user `postgres`, or else `nobody`.
    static func unprivileged() throws(ServicesError) -> ProcessIdentity {
        guard geteuid() == 0 else { return current }
        for name in ["postgres", "_postgres", "nobody"] {
            if let identity = named(name), identity.userID != 0 { return identity }
        }
        throw ServicesError(
            .invalid, "PostgreSQL does not run as root, and this machine has no user 'postgres' or 'nobody' to run it as",
            hint: "run leat as an ordinary user, or make one: useradd --system postgres")
    }

    static var current: ProcessIdentity { ProcessIdentity(name: userName(geteuid()), userID: geteuid(), groupID: getegid()) }

    /// The owner of what is at `path`.
    static func owner(of path: String) -> ProcessIdentity? {
        FileSystem.status(of: path).map { ProcessIdentity(name: userName($0.st_uid), userID: $0.st_uid, groupID: $0.st_gid) }
    }

    /// The outermost folder on the way to `path`, or that itself, that this user cannot enter as far as the permission bits
    /// say; nil if all can be.
    func closedFolder(on path: String) -> String? {
        var closed: String?
        var folder = FileSystem.canonical(path)
        while true {
            if let status = FileSystem.status(of: folder) {
                let needed: mode_t =
                    status.st_uid == userID ? mode_t(S_IXUSR) : status.st_gid == groupID ? mode_t(S_IXGRP) : mode_t(S_IXOTH)
                if status.st_mode & needed == 0 { closed = folder }
            } else {
                closed = folder
            }
            if folder == "/" { return closed }
            folder = (folder as NSString).deletingLastPathComponent
        }
    }

    /// Options that start a child as this user; see ``launcher`` for Linux.
    var platformOptions: PlatformOptions {
        var options = PlatformOptions()
        if isOther, launcher.isEmpty {
            options.userID = userID
            options.groupID = groupID
            options.supplementaryGroups = [groupID]
        }
        return options
    }

    /// What stands before a command to run it as this user: a program that drops privileges and then becomes the command.
    ///
    /// swift-subprocess 1.0.2 calls glibc's `setgroups` in a child made by a bare `clone`; if a thread was just being started,
    /// that waits for it for ever, since the child has no such thread. So its `userID` serves only where there is no such program.
    var launcher: [String] {
        guard isOther else { return [] }
        #if os(Linux)
            // The ones of util-linux and of GNU; those of busybox cannot do it.
            for folder in ["/usr/bin", "/bin", "/usr/sbin"] {
                let path = "\(folder)/setpriv"
                if FileSystem.exists(path), !FileSystem.isLink(path) {
                    return [path, "--reuid=\(userID)", "--regid=\(groupID)", "--clear-groups"]
                }
            }
            for folder in ["/usr/sbin", "/usr/bin"] {
                let path = "\(folder)/chroot"
                if FileSystem.exists(path), !FileSystem.isLink(path) {
                    return [path, "--userspec=\(userID):\(groupID)", "--groups=\(groupID)", "/"]
                }
            }
        #endif
        return []
    }

    private static func named(_ name: String) -> ProcessIdentity? {
        lookUp { getpwnam_r(name, $0, $1, $2, $3) }
    }

    private static func userName(_ id: uid_t) -> String {
        lookUp { getpwuid_r(id, $0, $1, $2, $3) }?.name ?? "uid \(id)"
    }

    private static func lookUp(
        _ call: (
            UnsafeMutablePointer<passwd>, UnsafeMutablePointer<CChar>, Int, UnsafeMutablePointer<UnsafeMutablePointer<passwd>?>
        )
            -> Int32
    ) -> ProcessIdentity? {
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 16 << 10)
        let status = buffer.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.map { call(&entry, $0, buffer.count, &found) } ?? -1
        }
        guard status == 0, found != nil else { return nil }
        return ProcessIdentity(name: String(cString: entry.pw_name), userID: entry.pw_uid, groupID: entry.pw_gid)
    }
}
