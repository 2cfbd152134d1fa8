import Foundation
import Processes

/// Podman's service for this test process, with storage of its own and one image, `localhost/leat-test`, made of the shell of this machine.
package final class ContainerService: Sendable {
    package let socket: String
    private let folder: String
    private let process: SpawnedProcess
    private let options: String

    package static let image = "localhost/leat-test:latest"

    /// One for all tests; nil where podman is not there or cannot work.
    package static let shared: ContainerService? = {
        guard let service = try? ContainerService() else { return nil }
        return service
    }()

    private init() throws {
        folder = NSTemporaryDirectory() + "leat-containers-\(ProcessInfo.processInfo.processIdentifier)"
        try FileManager.default.createDirectory(atPath: folder + "/fs/bin", withIntermediateDirectories: true)
        socket = folder + "/socket"
        let runtime = try TestCommand.run("/bin/sh", "-c", "command -v runc || command -v crun")
        let options =
            "--runtime \(runtime) --root \(folder)/root --runroot \(folder)/run --cgroup-manager cgroupfs --storage-driver vfs"
        let script = """
            set -e
            cd \(folder)
            for program in sh cat sleep; do
                path=$(command -v $program)
                cp -L $path fs/bin/
                for library in $(ldd $path | grep -o '/[^ ]*' | grep '\\.so'); do
                    mkdir -p fs$(dirname $library)
                    cp -L $library fs$library
                done
            done
            mkdir -p fs/tmp
            tar -C fs -cf fs.tar .
            podman \(options) import fs.tar leat-test >/dev/null 2>&1
            """
        _ = try TestCommand.run("/bin/sh", "-c", script)
        self.options = options
        // It ends by itself when nobody has asked it for anything for a while.
        process = try SpawnedProcess(
            ["/bin/sh", "-c", "exec podman \(options) system service --time 600 unix://\(socket) >\(folder)/log 2>&1"])
        // An ended process that nobody waits for keeps the thread busy on which Swift Testing waits for any process.
        let group = process.group
        Thread.detachNewThread { _ = group.reap() }
        for _ in 0..<600 where !FileManager.default.fileExists(atPath: socket) { usleep(100_000) }
    }

    /// Has a second service listen on the network, until nobody has asked it for anything for a while.
    /// - Returns: what `DOCKER_HOST` is to be.
    package func networkAddress() async throws -> String {
        let port = try TestCluster.freePort()
        _ = try SpawnedProcess(
            ["/bin/sh", "-c", "exec podman \(options) system service --time 30 tcp://127.0.0.1:\(port) >/dev/null 2>&1"])
        for _ in 0..<1200 where !Loopback.isListening(port) { try await Task.sleep(for: .milliseconds(50)) }
        return "tcp://127.0.0.1:\(port)"
    }

    /// What the engine says of a container.
    package func inspect(_ name: String) async throws -> [String: Any] {
        let (_, output) = try await PythonPackages.run(
            "curl", ["-s", "--unix-socket", socket, "http://d/containers/\(name)/json"])
        return try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any] ?? [:]
    }

    /// The engine as a command, with what a confined machine needs: no network of its own, limits that its kernel grants.
    package func engine(in folder: String) throws -> String {
        let path = folder + "/engine"
        let script = """
            #!/bin/sh
            [ "$1" != run ] || { shift; set -- run --network host --ulimit nofile=1024 --ulimit nproc=1024 --pull never "$@"; }
            exec podman \(options) "$@"
            """
        try script.write(toFile: path, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        return path
    }

    /// Makes an image that runs a script of the shell with the arguments that it is given.
    package func makeImage(_ name: String, script: String) throws -> String {
        let root = "\(folder)/\(name)"
        _ = try TestCommand.run("/bin/sh", "-c", "cp -a \(folder)/fs \(root)")
        try script.write(toFile: root + "/entry", atomically: true, encoding: .utf8)
        let entry = #"ENTRYPOINT ["/bin/sh", "/entry"]"#
        _ = try TestCommand.run(
            "/bin/sh", "-c",
            "tar -C \(root) -cf \(root).tar . && podman \(options) import --change '\(entry)' \(root).tar \(name) >/dev/null 2>&1"
        )
        return "localhost/\(name):latest"
    }

    /// The names of all containers whose names hold `text`.
    package func containers(_ text: String = "") async throws -> [String] {
        let (_, output) = try await PythonPackages.run(
            "curl", ["-s", "--unix-socket", socket, "http://d/containers/json?all=1"])
        let list = try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [[String: Any]] ?? []
        return list.compactMap { ($0["Names"] as? [String])?.first }.filter { $0.contains(text) }
    }
}
