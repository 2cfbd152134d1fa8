import Diagnostics
import Documents
import Foundation
import TestSupport
import Testing

@testable import Transform

/// With a real repository and a hub that is served over HTTP. What is expected of package-lock.yml is what dbt-core 1.12.0
/// writes for the same packages, to the letter.
@Suite("Installing packages") struct PackageInstallerTests {
    /// A folder with a hub, archives, a repository and a project.
    private final class Shelf {
        let folder: String
        let server: FileServer

        init() throws {
            folder = FileManager.default.temporaryDirectory.path + "/leat-shelf-\(UUID().uuidString)"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            server = try FileServer(folder: folder)
        }

        deinit { try? FileManager.default.removeItem(atPath: folder) }

        func write(_ text: String, to path: String) throws {
            let url = URL(filePath: folder + "/" + path)
            try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try text.write(to: url, atomically: true, encoding: .utf8)
        }

        func addPackage(_ path: String, _ name: String, files: [String: String] = [:]) throws {
            try write("name: \(name)\nversion: '1.0'\n", to: path + "/dbt_project.yml")
            for (file, text) in files { try write(text, to: path + "/" + file) }
        }

        func archive(_ path: String, as file: String) throws {
            _ = try CommandRunner.run(["tar", "-czf", folder + "/" + file, "-C", folder, path])
        }

        func git(_ words: String...) throws -> String {
            let identity = ["-c", "user.email=a@example.org", "-c", "user.name=a", "-c", "commit.gpgsign=false"]
            return try CommandRunner.run(["git"] + identity + words, in: folder + "/repository").trimmingWhitespaceBytes
        }

        /// Versions of `acme/tools`, each of which needs `acme/base`.
        func fillHub(
            _ versions: [String], requiring dbt: [String: [String]] = [:], renamedTo newName: String? = nil
        ) throws {
            func release(_ name: String, _ version: String, _ needs: JSON) throws -> JSON {
                try addPackage("\(name)-\(version)", name, files: ["macros/v.sql": "-- \(version)"])
                try archive("\(name)-\(version)", as: "\(name)-\(version).tar.gz")
                return [
                    "name": .string(name), "version": .string(version), "packages": needs,
                    "require_dbt_version": .array((dbt[version] ?? []).map(JSON.string)),
                    "downloads": ["tarball": .string("\(server.url)/\(name)-\(version).tar.gz")],
                ]
            }
            let needs: JSON = [["package": "acme/base", "version": [">=0.1.0"]]]
            let tools = JSON.object(JSON.Members(try versions.map { ($0, try release("tools", $0, needs)) }))
            var page: JSON.Members = JSON.Members(pairs: [("namespace", "acme"), ("name", "tools"), ("versions", tools)])
            if let newName { page["redirectname"] = .string(newName) }
            try write(JSON.object(page).text(), to: "api/v1/acme/tools.json")
            let base: JSON = ["versions": ["0.5.0": try release("base", "0.5.0", [])]]
            try write(base.text(), to: "api/v1/acme/base.json")
        }

        func installer(_ packages: String) throws -> PackageInstaller {
            try addPackage("project", "shop", files: ["packages.yml": packages])
            var options = InvocationOptions(projectDirectory: folder + "/project", environment: [:])
            options.environment["DBT_PACKAGE_HUB_URL"] = server.url
            return try PackageInstaller(options)
        }

        /// What stands in packages.yml, installed.
        func install(_ packages: String, upgrade: Bool = false) throws -> String {
            let installer = try installer(packages)
            let locked = try installer.lock(installer.wanted(), upgrade: upgrade)
            try installer.install(locked) { _ in
            } installed: { _ in
            }
            return try read("project/package-lock.yml")
        }

        func read(_ path: String) throws -> String { try String(contentsOfFile: folder + "/" + path, encoding: .utf8) }
        func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: folder + "/" + path) }
    }

    @Test("packages of the hub come in the newest version that fits, with what they need")
    func hub() throws {
        let shelf = try Shelf()
        try shelf.fillHub(["1.0.0", "1.2.0", "1.10.0", "2.0.0", "2.1.0-rc1"])
        let lock = try shelf.install("packages:\n  - package: acme/tools\n    version: ['>=1.0.0', '<2.0.0']\n")
        #expect(
            lock
                == """
                packages:
                  - name: tools
                    package: acme/tools
                    version: 1.10.0
                  - name: base
                    package: acme/base
                    version: 0.5.0
                sha1_hash: HASH

                """.replacing("HASH", with: Self.hash(lock)))
        #expect(try shelf.read("project/dbt_packages/tools/macros/v.sql") == "-- 1.10.0")
        #expect(shelf.exists("project/dbt_packages/base/dbt_project.yml"))
        #expect(shelf.server.requests.contains("/tools-1.10.0.tar.gz") && !shelf.server.requests.contains("/tools-2.0.0.tar.gz"))
    }

    private static func hash(_ lock: String) -> String { String(lock.suffix(41).dropLast()) }

    @Test(
        "the fingerprint of the wishes is dbt's",
        arguments: [
            ("- {package: dbt-labs/dbt_utils, version: 1.1.1}", "a158c48c59c2bb7d729d2a4e215aabe5bb4f3353"),
            (
                "- {package: dbt-labs/dbt_utils, version: ['>=1.0.0', '<2.0.0']}\n- {local: ../raw}",
                "99ed6270ee3c3a40c912c5905e5771134dadc912"
            ),
            (
                "- {git: 'https://x/y.git', revision: '1.0', subdirectory: sub, warn-unpinned: false}\n"
                    + "- {tarball: 'http://x/t.tgz', name: t}", "34415b399362203f797f0f8af1d2bde09a2d439f"
            ),
            (
                "- {git: 'https://x/y.git'}\n- {package: a/b, version: 0.9, install_prerelease: true}",
                "bfa89c933ee42acfad6ad7664a2c8372a949b8a8"
            ),
        ])
    func fingerprint(_ packages: String, _ hash: String) throws {
        let shelf = try Shelf()
        #expect(PackageLock.fingerprint(try shelf.installer("packages:\n" + packages).wanted()) == hash)
    }

    @Test(
        "versions are chosen as dbt does",
        arguments: [
            ("'1.0.0'", "1.0.0"), ("'=1.2.0'", "1.2.0"), ("'>=1.0.0,<1.10.0'", "1.2.0"), ("'>1.2.0'", "2.0.0"),
            ("'>=2.1.0-rc1'", "2.1.0-rc1"), ("'>=1.0.0'\n    install_prerelease: true", "2.1.0-rc1"),
        ])
    func versions(_ range: String, _ expected: String) throws {
        let shelf = try Shelf()
        try shelf.fillHub(["1.0.0", "1.2.0", "1.10.0", "2.0.0", "2.1.0-rc1"])
        let lock = try shelf.install("packages:\n  - package: acme/tools\n    version: \(range)\n")
        #expect(lock.contains("version: \(expected)\n"), "\(lock)")
    }

    @Test("versions for another dbt are passed over, and wishes that exclude each other are an error")
    func impossible() throws {
        let shelf = try Shelf()
        try shelf.fillHub(["1.0.0", "3.0.0"], requiring: ["3.0.0": [">=2.0.0", "<3.0.0"]])
        #expect(try shelf.install("packages:\n  - {package: acme/tools, version: '>=1.0.0'}\n").contains("version: 1.0.0\n"))
        let error = #expect(throws: TransformError.self) {
            try shelf.install("packages:\n  - {package: acme/tools, version: '>5.0.0'}\n")
        }
        #expect(error?.message == "Could not find a matching compatible version for package acme/tools")
        let unknown = #expect(throws: TransformError.self) {
            try shelf.install("packages:\n  - {package: acme/nothing, version: 1.0.0}\n")
        }
        #expect(unknown?.message.contains("acme/nothing.json") ?? false)
    }

    @Test("a package that has another name by now still comes, with a deprecation that names the new one")
    func renamed() throws {
        let shelf = try Shelf()
        try shelf.fillHub(["1.0.0"], renamedTo: "gear")
        var warnings: [(WarningEvent, String)] = []
        let installer = try shelf.installer("packages:\n  - {package: acme/tools, version: 1.0.0}\n")
        let locked = try installer.lock(installer.wanted(), upgrade: false) { warnings.append(($0, $1)) }
        #expect(locked.first?.name == "tools")
        #expect(warnings.map(\.0) == [.packageRedirect])
        #expect(warnings.first?.1.contains("in favor of `acme/gear`") ?? false)
    }

    @Test("a lock stays until it is upgraded or the wishes change")
    func lock() throws {
        let shelf = try Shelf()
        let wish = "packages:\n  - {package: acme/tools, version: '>=1.0.0'}\n"
        try shelf.fillHub(["1.0.0"])
        _ = try shelf.install(wish)
        try shelf.fillHub(["1.0.0", "1.1.0"])
        #expect(try shelf.install(wish).contains("version: 1.0.0"))
        #expect(try shelf.install(wish, upgrade: true).contains("version: 1.1.0"))
        #expect(try shelf.install(wish.replacing(">=1.0.0", with: "<1.1.0")).contains("version: 1.0.0"))
    }

    @Test("a repository comes by tag, branch or commit, also a folder of it, and is locked to the commit")
    func git() throws {
        let shelf = try Shelf()
        try shelf.addPackage("repository", "whole", files: ["packages.yml": "packages:\n  - {local: other}\n"])
        try shelf.addPackage("repository/other", "unused")
        try shelf.addPackage("repository/part", "part", files: ["macros/v.sql": "-- one"])
        _ = try shelf.git("init", "--quiet", "--initial-branch", "main")
        _ = try shelf.git("add", "--all")
        _ = try shelf.git("commit", "--quiet", "--message", "one")
        _ = try shelf.git("tag", "v1")
        let first = try shelf.git("rev-parse", "HEAD")
        _ = try shelf.git("checkout", "--quiet", "-b", "next")
        try shelf.write("-- two", to: "repository/part/macros/v.sql")
        _ = try shelf.git("commit", "--quiet", "--all", "--message", "two")
        let second = try shelf.git("rev-parse", "HEAD")
        _ = try shelf.git("checkout", "--quiet", "main")
        for (revision, commit, text) in [("v1", first, "-- one"), ("next", second, "-- two"), (second, second, "-- two")] {
            let entry = "{git: '\(shelf.folder)/repository', revision: '\(revision)', subdirectory: part}"
            let lock = try shelf.install("packages:\n  - \(entry)\n")
            #expect(
                lock.hasPrefix(
                    """
                    packages:
                      - git: \(shelf.folder)/repository
                        name: part
                        revision: \(commit)
                        subdirectory: part
                    sha1_hash:
                    """))
            #expect(try shelf.read("project/dbt_packages/part/macros/v.sql") == text)
        }
    }

    @Test("a branch is a warning, two revisions of one repository are an error")
    func unpinned() throws {
        let shelf = try Shelf()
        try shelf.addPackage("repository", "whole")
        _ = try shelf.git("init", "--quiet", "--initial-branch", "main")
        _ = try shelf.git("add", "--all")
        _ = try shelf.git("commit", "--quiet", "--message", "one")
        let entry = "{git: '\(shelf.folder)/repository'"
        var warnings: [WarningEvent] = []
        let installer = try shelf.installer("packages:\n  - \(entry), revision: main}\n")
        _ = try installer.lock(installer.wanted(), upgrade: false) { event, _ in warnings.append(event) }
        #expect(warnings == [.depsUnpinned])
        let twice = #expect(throws: TransformError.self) {
            try shelf.install("packages:\n  - \(entry), revision: main}\n  - \(entry), revision: v1}\n")
        }
        #expect(twice?.message.contains("git dependencies should contain exactly one version") ?? false)
    }

    @Test("folders and archives are packages too; two of one name are an error")
    func others() throws {
        let shelf = try Shelf()
        try shelf.addPackage("near", "near")
        try shelf.addPackage("far", "far")
        try shelf.archive("far", as: "far.tar.gz")
        let tarball = "  - {tarball: '\(shelf.server.url)/far.tar.gz', name: far}\n"
        let lock = try shelf.install("packages:\n  - {local: ../near}\n" + tarball)
        #expect(lock.contains("  - local: ../near\n    name: near\n  - name: far\n    tarball: "))
        #expect(shelf.exists("project/dbt_packages/near/dbt_project.yml"))
        #expect(shelf.exists("project/dbt_packages/far/dbt_project.yml"))
        try shelf.addPackage("again", "near")
        let error = #expect(throws: TransformError.self) {
            try shelf.install("packages:\n  - {local: ../near}\n  - {local: ../again}\n")
        }
        #expect(error?.message == "Found duplicate project \"near\".")
    }

    @Test("a project whose settings look at the target installs its packages without one")
    func withoutProfile() throws {
        let shelf = try Shelf()
        try shelf.addPackage("near", "near")
        _ = try shelf.installer("packages:\n  - {local: ../near}\n")
        try shelf.write(
            "name: shop\nmodels: {+enabled: \"{{ target.type == 'postgres' }}\"}\n", to: "project/dbt_project.yml")
        _ = try PackageInstaller(InvocationOptions(projectDirectory: shelf.folder + "/project", environment: [:])).wanted()
    }
}
