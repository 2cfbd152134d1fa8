import Documents
import Foundation
import Transform

/// `init`.
struct DbtInit {
    private let invocation: DbtInvocation

    init(_ invocation: DbtInvocation) { self.invocation = invocation }

    func run() throws -> Bool {
        let folder = invocation.arguments.text("project_dir") ?? FileManager.default.currentDirectoryPath
        let starter = ProjectStarter(folder: folder, environment: invocation.options.environment)
        if starter.isInsideProject {
            say("Setting up your profile.")
        } else {
            guard let name = invocation.arguments.positional else {
                throw invocation.usageError("Missing argument 'PROJECT_NAME'.")
            }
            try starter.create(named: name)
            say("Your new dbt project \"\(name)\" was created!")
        }
        guard !invocation.arguments.flag("skip_profile_setup") else { return true }
        let profile = invocation.arguments.text("profile") ?? invocation.arguments.positional ?? starter.profileName ?? "default"
        if let path = try starter.writeProfile(named: profile, in: invocation.options.profilesDirectory) {
            say("Profile \(profile) written to \(path) with placeholders: fill in your server, user and password.")
        } else {
            say("There is a profile \(profile) already; it is left as it is.")
        }
        return true
    }

    private func say(_ text: String) { invocation.write("Note", "Z050", .info, text, [("msg", .string(text))]) }
}
