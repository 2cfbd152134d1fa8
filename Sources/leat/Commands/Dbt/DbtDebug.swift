import Documents
import Foundation
import Transform

/// `debug`.
struct DbtDebug {
    private let invocation: DbtInvocation
    private let style: Style

    init(_ invocation: DbtInvocation) {
        self.invocation = invocation
        style = Style(isEnabled: invocation.log.settings.usesColors)
    }

    func run() async throws -> Bool {
        let checkup = ProjectCheckup(invocation.options)
        if invocation.arguments.flag("config_dir") {
            say("To view your profiles.yml file, run:\n\nopen \((checkup.profilesPath as NSString).deletingLastPathComponent)")
            return true
        }
        say("dbt version: \(Invocation.dbtVersion) (leat \(Version.text))")
        say("os info: \(ProcessInfo.processInfo.operatingSystemVersionString)")
        say("Using profiles dir at \((checkup.profilesPath as NSString).deletingLastPathComponent)")
        say("Using profiles.yml file at \(checkup.profilesPath)")
        say("Using dbt_project.yml file at \(checkup.projectPath)")
        if checkup.profile.isGood {
            say("adapter type: postgres")
            say("adapter version: \(Invocation.adapterVersion)")
        }
        if invocation.arguments.flag("connection") {
            say("Skipping steps before connection verification")
        } else {
            showConfiguration(checkup)
        }
        let connection = await testConnection(checkup)
        return conclude([checkup.profile, checkup.project] + (connection.map { [$0] } ?? []))
    }

    private func showConfiguration(_ checkup: ProjectCheckup) {
        say("Configuration:")
        say("  profiles.yml file [\(word(checkup.profile, good: "OK found and valid"))]")
        say("  dbt_project.yml file [\(word(checkup.project, good: "OK found and valid"))]")
        if let name = checkup.profileName {
            let found = checkup.targetName == nil ? style("ERROR not found", .red) : style("OK found", .green)
            say("  profile: \(name) [\(checkup.profile.isGood ? style("OK found", .green) : style("ERROR not found", .red))]\n")
            say("  target: \(checkup.targetName ?? "None") [\(found)]\n")
        }
    }

    private func testConnection(_ checkup: ProjectCheckup) async -> ProjectCheckup.Finding? {
        guard let finding = await checkup.testConnection() else {
            say("Connection test skipped since no profile was found")
            return nil
        }
        say("Connection:")
        for (name, value) in checkup.connectionInfo { say("  \(name): \(value)") }
        say("  Connection test: [\(word(finding, good: "OK connection ok"))]\n")
        return finding
    }

    private func conclude(_ findings: [ProjectCheckup.Finding]) -> Bool {
        let bad = findings.filter { !$0.isGood }
        guard !bad.isEmpty else {
            say(style("All checks passed!", .green), result: true)
            return true
        }
        say(style("\(DbtWords.plural(bad.count, "check")) failed:", .red), result: true)
        for finding in bad { say(finding.explanation + "\n", result: true) }
        return false
    }

    private func word(_ finding: ProjectCheckup.Finding, good: String) -> String {
        switch finding.kind {
        case .good: style(good, .green)
        case .missing: style("ERROR not found", .red)
        case .invalid: style("ERROR invalid", .red)
        case .failed: style("ERROR", .red)
        }
    }

    private func say(_ text: String, result: Bool = false) {
        invocation.write(
            result ? "DebugCmdResult" : "DebugCmdOut", result ? "Z048" : "Z047", .info, text, [("msg", .string(text))])
    }
}
