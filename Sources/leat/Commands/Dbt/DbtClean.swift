import Documents
import Transform

/// `clean`.
struct DbtClean {
    private let invocation: DbtInvocation

    init(_ invocation: DbtInvocation) { self.invocation = invocation }

    func run() throws -> Bool {
        let cleaner = try ProjectCleaner(invocation.options)
        try cleaner.clean(projectOnly: invocation.arguments.flag("clean_project_files_only", default: true)) { path in
            invocation.write("CheckCleanPath", "Z012", .info, "Checking \(path)/*", [("path", .string(path))])
        } finished: { path in
            invocation.write("ConfirmCleanPath", "Z013", .info, "Cleaned \(path)/*", [("path", .string(path))])
        }
        invocation.write("FinishedCleanPaths", "Z015", .info, "Finished cleaning all paths.")
        return true
    }
}
