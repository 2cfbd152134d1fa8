import Foundation

/// Takes from the environment what would lead libpq elsewhere than the project's files say.
///
/// libpq reads a variable for every setting that a connection does not name. Those of TLS and of passwords are welcome;
/// these would change the server, the session, or how values look.
enum CleanEnvironment {
    private static let unwanted = [
        "PGHOSTADDR", "PGSERVICE", "PGSERVICEFILE", "PGTARGETSESSIONATTRS", "PGOPTIONS", "PGDATESTYLE", "PGTZ", "PGGEQO",
        "PGCLIENTENCODING", "PGLOADBALANCEHOSTS",
    ]

    /// To be called before any thread is started: the environment is not guarded against others.
    static func apply() {
        for name in unwanted { unsetenv(name) }
        // A file that this process opens shall not be taken for its input or output where it was started without one.
        for descriptor in Int32(0)...2 where fcntl(descriptor, F_GETFD) < 0 {
            _ = open("/dev/null", descriptor == 0 ? O_RDONLY : O_WRONLY)
        }
        // What this process has inherited its own children shall not: who waits for the end of such a file would wait for them.
        let descriptors = (try? FileManager.default.contentsOfDirectory(atPath: "/dev/fd")) ?? (3..<1024).map(String.init)
        for descriptor in descriptors.compactMap({ Int32($0) }) where descriptor > 2 {
            let flags = fcntl(descriptor, F_GETFD)
            if flags >= 0 { _ = fcntl(descriptor, F_SETFD, flags | FD_CLOEXEC) }
        }
    }
}
