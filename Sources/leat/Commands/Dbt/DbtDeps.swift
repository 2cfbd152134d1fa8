import Transform

/// `deps`.
struct DbtDeps {
    private let invocation: DbtInvocation

    init(_ invocation: DbtInvocation) { self.invocation = invocation }

    func run() async throws -> Bool {
        let arguments = invocation.arguments
        invocation.reportStart()
        let installer = try PackageInstaller(invocation.options)
        if let package = arguments.text("add_package") {
            try installer.add(package, source: arguments.text("source") ?? "hub")
            say("DepsAddPackage", "M031", "Added \(package) to packages.yml")
        }
        let wanted = try installer.wanted()
        guard !wanted.isEmpty else {
            say("DepsNoPackagesFound", "M013", "Warning: No packages were found in packages.yml")
            return true
        }
        let locked = try installer.lock(wanted, upgrade: arguments.flag("upgrade")) { try invocation.warn($0, $1) }
        if arguments.flag("lock") { return true }
        try installer.install(locked) { package in
            say("DepsStartPackageInstall", "M014", "Installing \(package.displayName)")
        } installed: { package in
            say("DepsInstallInfo", "M015", "Installed from \(package.displaySource)")
        }
        return true
    }

    private func say(_ name: String, _ code: String, _ text: String) { invocation.write(name, code, .info, text) }
}
