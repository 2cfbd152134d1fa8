import Documents
package import Foundation
package import Kubernetes
import Processes

/// A kubelet that runs the containers of pods as processes of this machine, with the variables that the pod and its secret give.
package final class ProcessKubelet: Sendable {
    private let kubelet: ScriptedKubelet
    private let program: String
    private let folder: URL
    private let prepare: @Sendable (Pod) throws -> [String: String]

    /// - Parameters:
    ///   - program: what the image has as its entry point.
    ///   - folder: for what the containers leave behind.
    ///   - prepare: makes ready what a container sees of its image, and gives variables over those of the pod.
    package init(
        _ store: ObjectStore, program: String, folder: URL, prepare: @escaping @Sendable (Pod) throws -> [String: String]
    ) {
        kubelet = ScriptedKubelet(store) { _ in [] }
        self.program = program
        self.folder = folder
        self.prepare = prepare
    }

    /// Sees to all pods until the task is cancelled.
    package func run() async {
        let store = kubelet.store
        let (listener, rings) = store.listen()
        defer { store.forget(listener) }
        await withDiscardingTaskGroup { group in
            var seen: Set<String> = []
            var rounds = rings.makeAsyncIterator()
            repeat {
                for pod in store.pods where seen.insert(pod.metadata.uid).inserted { group.addTask { await self.play(pod) } }
            } while await rounds.next() != nil && !Task.isCancelled
        }
    }

    private func play(_ pod: Pod) async {
        kubelet.apply(.scheduled(), to: pod)
        do {
            // A real kubelet waits for the secret as well.
            let key = ObjectStore.Key("secrets", pod.metadata.namespace, pod.metadata.name)
            while kubelet.store.object(key) == nil { try await Task.sleep(for: .milliseconds(2)) }
            let process = try start(pod, kubelet.store.object(key) ?? .null)
            kubelet.apply(.running, to: pod)
            let status = await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    Thread.detachNewThread { continuation.resume(returning: self.attend(process, pod)) }
                }
            } onCancel: {
                process.group.send(SIGKILL)
            }
            let message = try? String(contentsOf: terminationLog(pod), encoding: .utf8)
            kubelet.apply(.ended(code: Int(status.code), message: message), to: pod)
        } catch {
            kubelet.apply(.ended(code: 128, reason: "StartError", message: "\(error)"), to: pod)
        }
    }

    private func terminationLog(_ pod: Pod) -> URL { folder.appending(path: pod.metadata.uid) }

    private func start(_ pod: Pod, _ secret: JSON) throws -> SpawnedProcess {
        let container = pod.json.at("spec", "containers")?[0] ?? .null
        var variables = ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "", "NO_COLOR": "1"]
        for (name, value) in secret["data"]?.texts ?? [:] {
            variables[name] = Data(base64Encoded: value).map { String(decoding: $0, as: UTF8.self) }
        }
        for entry in container["env"]?.array ?? [] {
            if let name = entry["name"]?.string { variables[name] = entry["value"]?.string ?? "" }
        }
        variables.merge(try prepare(pod)) { $1 }
        variables["LEAT_TERMINATION_LOG"] = terminationLog(pod).path
        let arguments = container["args"]?.array?.compactMap(\.string) ?? []
        return try SpawnedProcess([program] + arguments, environment: variables.map { "\($0.key)=\($0.value)" })
    }

    private func attend(_ process: SpawnedProcess, _ pod: Pod) -> ExitStatus {
        // Both outputs are one log, as for a real kubelet. Both are read at once: who fills a pipe waits for its reader.
        let errors = DispatchGroup()
        errors.enter()
        Thread.detachNewThread {
            self.read(process.errors, of: pod)
            errors.leave()
        }
        read(process.output, of: pod)
        errors.wait()
        return process.group.reap()
    }

    private func read(_ file: Int32, of pod: Pod) {
        var lines = ByteLines(limit: 1 << 20)
        let handle = FileHandle(fileDescriptor: file, closeOnDealloc: true)
        while true {
            let data = handle.availableData
            if data.isEmpty { break }
            lines.add(Array(data)) { kubelet.apply(.log([String(decoding: $0, as: UTF8.self)]), to: pod) }
        }
    }
}
