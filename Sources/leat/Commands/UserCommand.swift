import ArgumentParser
import Documents
import Foundation
import Orchestrate
import Project
import Serve

/// Who may log in to the pages.
struct UserCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user", abstract: "Who may log in to the pages of `leat serve`.",
        subcommands: [UserList.self, UserSet.self, UserRemove.self], defaultSubcommand: UserList.self)
}

extension ControlOptions {
    fileprivate func access() throws -> AccessStore {
        let project = try project.load()
        // The store's folder is made where there is none.
        try ProjectStore.open(project).close()
        return try AccessStore(path: ProjectStore.accessPath(of: project))
    }

    /// Writes down who changed which user.
    fileprivate func note(_ action: String, _ user: String) async throws {
        let control = try open()
        try await control.store.note(AuditEntry(author: control.control.author, action: action, details: ["user": .string(user)]))
    }
}

struct UserList: ControlCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "All users with their roles.")

    @OptionGroup var options: ControlOptions

    mutating func run() async throws {
        let users = try await options.access().users()
        options.show(
            .array(
                users.map {
                    [
                        "name": .string($0.name), "role": .string($0.role.rawValue),
                        "created_at": .string($0.createdAt.description),
                    ]
                }),
            users.isEmpty
                ? "no users yet: `leat serve` makes the first admin"
                : users.map { "\($0.name)  \($0.role.rawValue)" }.joined(separator: "\n"))
    }
}

struct UserSet: ControlCommand {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Add a user, or give one another password and role.",
        discussion: "The password is asked for, or read from standard input. It is never an argument, for others can see those.")

    @Argument(help: "Name of the user.")
    var name: String

    @Option(name: .long, help: "viewer, operator, editor or admin.")
    var role: Role = .viewer

    @Flag(
        name: .long,
        help:
            "Take a password of fewer than 8 characters, as old configurations of programs have them. For servers that only their own machine reaches."
    )
    var allowShortPassword = false

    @OptionGroup var options: ControlOptions

    mutating func run() async throws {
        let access = try options.access()
        let password = isatty(0) == 1 ? getpass("Password: ").map { String(cString: $0) } : readLine()
        try await access.setUser(name, role: role, password: password ?? "", allowsShort: allowShortPassword)
        try await options.note("user_set", name)
        options.show(["name": .string(name), "role": .string(role.rawValue)], "\(name) may log in as \(role.rawValue)")
    }
}

struct UserRemove: ControlCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Remove a user with all sessions and tokens.")

    @Argument(help: "Name of the user.")
    var name: String

    @OptionGroup var options: ControlOptions

    mutating func run() async throws {
        let access = try options.access()
        guard try await access.removeUser(name) else {
            throw ServeError(.badUser, "there is no user '\(name)'", hint: "`leat user list` shows them")
        }
        try await options.note("user_delete", name)
        options.show(["removed": .string(name)], "\(name) is removed")
    }
}

extension Role: ExpressibleByArgument {}
