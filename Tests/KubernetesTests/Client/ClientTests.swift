import ClusterSupport
import Diagnostics
import Documents
import Foundation
import Kubernetes
import Testing

/// A server and a client of it.
struct Pair: Sendable {
    let server: TestAPIServer
    let client: KubernetesClient
    let clock: TestClusterClock

    static func with(
        configuring change: (inout ClusterConfiguration) -> Void = { _ in }, clock: TestClusterClock = TestClusterClock(),
        _ body: (Pair) async throws -> Void
    ) async throws {
        let server = try TestAPIServer()
        try await server.start()
        var configuration = try ClusterConfiguration(server: server.address)
        change(&configuration)
        let pair = Pair(server: server, client: try KubernetesClient(configuration, clock: clock), clock: clock)
        let result: Result<Void, any Error>
        do { result = .success(try await body(pair)) } catch { result = .failure(error) }
        try await pair.client.shutdown()
        await server.stop()
        try result.get()
    }
}

func podJSON(_ name: String, labels: [String: String] = ["app": "leat"], image: String = "leat:1") -> JSON {
    [
        "apiVersion": "v1", "kind": "Pod", "metadata": ["name": .string(name), "labels": JSON(texts: labels)],
        "spec": ["containers": [["name": "main", "image": .string(image)]]],
    ]
}

/// The error that `body` throws.
func error(of body: () async throws -> some Any) async -> KubernetesError? {
    do {
        _ = try await body()
        return nil
    } catch {
        return error as? KubernetesError
    }
}

@Suite("Requests to an API server")
struct ClientTests {
    @Test("pods are created, read, listed page by page, changed and deleted")
    func pods() async throws {
        try await Pair.with { pair in
            let client = pair.client
            for index in 0..<7 { try await client.createPod(podJSON("p\(index)"), in: "jobs") }
            try await client.createPod(podJSON("other", labels: ["app": "x"]), in: "jobs")
            let page = try await client.podPage(in: "jobs", labels: "app=leat", limit: 3)
            #expect(page.items.map(\.metadata.name) == ["p0", "p1", "p2"])
            #expect(page.next != nil)
            #expect(try await client.pods(in: "jobs", labels: "app=leat").count == 7)
            let patched = try await client.patchPod("p1", in: "jobs", ["metadata": ["labels": ["seen": "yes"]]])
            #expect(patched.metadata.labels == ["app": "leat", "seen": "yes"])
            #expect(try await client.pod("nothing", in: "jobs") == nil)
            let wasDeleted = try await client.deletePod("p1", in: "jobs", uid: patched.metadata.uid)
            #expect(wasDeleted)
            #expect(try await client.pod("p1", in: "jobs") == nil)
            try await client.deletePods(in: "jobs", labels: "app=leat")
            #expect(pair.server.store.pods.map(\.metadata.name) == ["other"])
        }
    }

    @Test("a pod is deleted only if it is the one that was meant")
    func precondition() async throws {
        try await Pair.with { pair in
            let first = try await pair.client.createPod(podJSON("p"), in: "jobs")
            try await pair.client.deletePod("p", in: "jobs", uid: first.metadata.uid)
            let second = try await pair.client.createPod(podJSON("p"), in: "jobs")
            let wasDeleted = try await pair.client.deletePod("p", in: "jobs", uid: first.metadata.uid)
            #expect(!wasDeleted)
            #expect(try await pair.client.pod("p", in: "jobs")?.metadata.uid == second.metadata.uid)
        }
    }

    @Test("a creation whose answer was lost is found out by the second try, and made once")
    func lostAnswer() async throws {
        try await Pair.with { pair in
            pair.server.fail("create", "pods", .loseAnswer)
            let error = await error { try await pair.client.createPod(podJSON("p"), in: "jobs") }
            #expect(error?.kind == .alreadyExists)
            #expect(pair.server.store.creations == ["p": 1])
        }
    }

    @Test("a server that has too much to do is asked again when it says")
    func retryAfter() async throws {
        try await Pair.with { pair in
            pair.server.fail("list", "pods", .status(429, retryAfter: 7), .status(503), .hangUp, .status(500), .status(504))
            let isEmpty = try await pair.client.pods(in: "jobs").isEmpty
            #expect(isEmpty)
            let waited = pair.clock.waited
            #expect(waited.count == 5)
            #expect(waited.first.map { $0 >= .seconds(7) && $0 < .seconds(8) } == true)
            #expect(waited.dropFirst().allSatisfy { $0 < .seconds(7) })
        }
    }

    @Test("after six tries it gives up, with what the server said")
    func givesUp() async throws {
        try await Pair.with { pair in
            let fault = TestAPIServer.Fault.status(500, reason: "InternalError", message: "etcd is gone")
            pair.server.fail("list", "pods", fault, fault, fault, fault, fault, fault, fault)
            let error = await error { try await pair.client.pods(in: "jobs") }
            #expect(error?.kind == .serverFailed)
            #expect(error?.details == ["the server says: etcd is gone"])
            #expect(pair.server.requests.count == 6)
        }
    }

    @Test("a server that is not there is said to be so, with its address")
    func unreachable() async throws {
        let server = try TestAPIServer()
        try await server.start()
        await server.stop()
        let client = try KubernetesClient(try ClusterConfiguration(server: server.address), clock: TestClusterClock())
        let error = await error { try await client.version() }
        #expect(error?.kind == .unreachable)
        #expect(error?.message.contains(server.address) == true)
        try await client.shutdown()
    }

    @Test("a missing right is named, with the verb and the resource")
    func forbidden() async throws {
        try await Pair.with { pair in
            pair.server.deny("create pods", "get pods/log")
            let error = await error { try await pair.client.createPod(podJSON("p"), in: "jobs") }
            #expect(error?.kind == .forbidden)
            #expect(error?.message == "the right to create pods in namespace 'jobs' is missing")
            #expect(error?.hint?.contains("verb 'create' on 'pods'") == true)
            let mayRead = try await pair.client.reviewAccess("get", "pods/log", in: "jobs").isAllowed
            #expect(!mayRead)
            let mayWatch = try await pair.client.reviewAccess("watch", "pods", in: "jobs").isAllowed
            #expect(mayWatch)
        }
    }

    @Test("what rules of the cluster refuse comes with their words, and is not tried again")
    func admission() async throws {
        try await Pair.with { pair in
            let cases: [(ObjectStore.Refusal, KubernetesError.Code)] = [
                (.init(403, "Forbidden", "pods \"p\" is forbidden: exceeded quota: compute, requested: pods=1"), .quota),
                (.init(403, "Forbidden", "pods \"p\" is forbidden: violates PodSecurity \"restricted:latest\""), .invalid),
                (.init(400, "BadRequest", "admission webhook \"policy.example\" denied the request: no"), .badRequest),
                (
                    .init(403, "Forbidden", "unable to create new content in namespace jobs because it is being terminated"),
                    .invalid
                ),
            ]
            for (refusal, kind) in cases {
                pair.server.store.setAdmission { _, _ in throw refusal }
                let error = await error { try await pair.client.createPod(podJSON("p"), in: "jobs") }
                #expect(error?.kind == kind)
                #expect(error?.details.first == "the server says: \(refusal.message)")
            }
            #expect(pair.server.requests.count == cases.count)
        }
    }

    @Test("names that cannot be are refused by the server, in its words")
    func badName() async throws {
        try await Pair.with { pair in
            let error = await error { try await pair.client.createPod(podJSON("Bad_Name"), in: "jobs") }
            #expect(error?.kind == .invalid)
            #expect(error?.status == 422)
            let trial = try await pair.client.createPod(podJSON("trial"), in: "jobs", isTrial: true)
            #expect(trial.metadata.name == "trial")
            #expect(pair.server.store.pods.isEmpty)
        }
    }

    @Test("a token file is read anew after 401, once")
    func rotatedToken() async throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "leat-token-\(UUID().uuidString)").path
        try "old\n".write(toFile: path, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: path) }
        try await Pair.with(configuring: { $0.credentials = .tokenFile(path) }) { pair in
            pair.server.accept(tokens: "old", "new")
            _ = try await pair.client.version()
            try "new\n".write(toFile: path, atomically: true, encoding: .utf8)
            pair.server.accept(tokens: "new")
            _ = try await pair.client.version()
            pair.server.accept(tokens: "another")
            let error = await error { try await pair.client.version() }
            #expect(error?.kind == .unauthorized)
        }
    }

    @Test("a token file is looked at again after a minute, without a refusal")
    func agedToken() async throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "leat-token-\(UUID().uuidString)").path
        try "old".write(toFile: path, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: path) }
        try await Pair.with(configuring: { $0.credentials = .tokenFile(path) }) { pair in
            pair.server.accept(tokens: "old")
            _ = try await pair.client.version()
            try "new".write(toFile: path, atomically: true, encoding: .utf8)
            _ = try await pair.client.version()
            pair.clock.advance(by: 61)
            let error = await error { try await pair.client.version() }
            // The new token was taken, which this server does not know; so it is read once more, and that is all.
            #expect(error?.kind == .unauthorized)
        }
    }

    @Test("a secret goes with the pod that owns it, and its values are in no error")
    func secret() async throws {
        try await Pair.with { pair in
            let pod = try await pair.client.createPod(podJSON("p"), in: "jobs")
            try await pair.client.createSecret("p", in: "jobs", values: ["PASSWORD": "s3cret-word"], owner: pod)
            let stored = pair.server.store.object(ObjectStore.Key("secrets", "jobs", "p"))
            #expect(stored?.at("data", "PASSWORD")?.string == Data("s3cret-word".utf8).base64EncodedString())
            let again = await error {
                try await pair.client.createSecret("p", in: "jobs", values: ["PASSWORD": "s3cret-word"], owner: pod)
            }
            #expect(again?.kind == .alreadyExists)
            #expect(again?.description.contains("s3cret") == false)
            try await pair.client.deletePod("p", in: "jobs", uid: pod.metadata.uid)
            #expect(pair.server.store.object(ObjectStore.Key("secrets", "jobs", "p")) == nil)
        }
    }

    @Test("of two that want a lease at once one gets it")
    func lease() async throws {
        try await Pair.with { pair in
            #expect(try await pair.client.lease("leader", in: "leat") == nil)
            let lease = try await pair.client.writeLease("leader", in: "leat", nil, holder: "a", durationSeconds: 15)
            #expect(lease.holder == "a")
            let renewed = try await pair.client.writeLease("leader", in: "leat", lease, holder: "b", durationSeconds: 15)
            #expect(renewed.holder == "b")
            let late = await error {
                try await pair.client.writeLease("leader", in: "leat", lease, holder: "c", durationSeconds: 15)
            }
            #expect(late?.kind == .conflict)
        }
    }

    @Test("texts of any kind are escaped in paths and queries")
    func escapes() async throws {
        try await Pair.with { pair in
            #expect(try await pair.client.pod("a/b c?d", in: "jobs") == nil)
            let isEmpty = try await pair.client.pods(in: "jobs", labels: "a=b,c!=d").isEmpty
            #expect(isEmpty)
            let isReady = try await pair.client.isReady()
            #expect(isReady)
            #expect(try await pair.client.version().gitVersion == "v1.36.0")
        }
    }
}
