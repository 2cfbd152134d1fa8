import Documents
import Foundation
import Transform

extension DbtOptionsReader {
    /// `args` of artifacts, and `invocation_args_dict`: every option of the command with what holds for it, whether it comes
    /// from the command line, the environment, dbt_project.yml or nowhere. Values of `DBT_ENV_SECRET_...` are hidden, as in the log.
    func artifactArguments(_ options: InvocationOptions) -> JSON.Members {
        var members = JSON.Members()
        for option in command.options where !Self.unlisted.contains(option.key) && !option.key.hasPrefix("deprecated_") {
            if let value = value(of: option) { members[option.key] = value }
        }
        for (key, value) in DbtOption.behaviorDefaults.entries.map({ ($0.key, $0.value) }) {
            members[key] = arguments.projectFlags[key] ?? value
        }
        members["warn_error_options"] = .object(warnErrorOptions(options))
        members["project_dir"] = .string(options.projectDirectory)
        members["profiles_dir"] = .string(profilesFolder(options))
        let outline = ProjectOutline(folder: options.projectDirectory)
        let logPath = arguments.text("log_path") ?? outline?.logPath ?? "logs"
        members["log_path"] = .string(logPath.hasPrefix("/") ? logPath : options.projectDirectory + "/" + logPath)
        if command == .show { members["limit"] = .int(arguments.integer("limit") ?? 5) }
        if let macro = arguments.positional, command == .runOperation { members["macro"] = .string(macro) }
        members["invocation_command"] = .string("dbt " + options.arguments.joined(separator: " "))
        members["which"] = .string(command.which)
        let secrets = DbtLog.secrets(of: ProcessInfo.processInfo.environment)
        return secrets.isEmpty ? members : Self.scrubbed(.object(members), secrets).object ?? members
    }

    private static func scrubbed(_ value: JSON, _ secrets: [String]) -> JSON {
        switch value {
        case .string(let text): .string(DbtLog.scrubbed(text, secrets))
        case .array(let items): .array(items.map { scrubbed($0, secrets) })
        case .object(let members):
            .object(JSON.Members(members.entries.map { (DbtLog.scrubbed($0.key, secrets), scrubbed($0.value, secrets)) }))
        default: value
        }
    }

    /// Options that are no settings of an invocation.
    private static let unlisted: Set<String> = ["help", "version", "record_timing_info"]

    private func value(of option: DbtOption) -> JSON? {
        let set = arguments.value(option.key).map(json) ?? arguments.projectFlags[option.key]
        switch option.kind {
        case .flag:
            let flag = set ?? DbtOption.defaults[option.key] ?? false
            // A plain nil would be JSON's null here.
            return flag == false && DbtOption.shownWhenOn.contains(option.key) ? JSON?.none : flag
        case .words, .choices: return set ?? []
        default: return set ?? DbtOption.defaults[option.key]
        }
    }

    private func json(_ value: DbtArguments.Value) -> JSON {
        switch value {
        case .flag(let flag): .bool(flag)
        case .text(let text): .string(text)
        case .integer(let number): .int(number)
        case .words(let words): .array(words.map(JSON.string))
        case .mapping(let members): .object(members)
        }
    }

    /// All three lists, by the names that count now.
    private func warnErrorOptions(_ options: InvocationOptions) -> JSON.Members {
        let given = options.warnErrorOptions
        return JSON.Members([
            ("error", given["error"] ?? given["include"] ?? []), ("warn", given["warn"] ?? given["exclude"] ?? []),
            ("silence", given["silence"] ?? []),
        ])
    }

    /// Where profiles.yml is looked for.
    private func profilesFolder(_ options: InvocationOptions) -> String {
        if let folder = options.profilesDirectory {
            return folder.hasPrefix("/") ? folder : FileManager.default.currentDirectoryPath + "/" + folder
        }
        for folder in [FileManager.default.currentDirectoryPath, options.projectDirectory]
        where FileManager.default.fileExists(atPath: folder + "/profiles.yml") {
            return folder
        }
        return (options.environment["HOME"] ?? NSHomeDirectory()) + "/.dbt"
    }
}
