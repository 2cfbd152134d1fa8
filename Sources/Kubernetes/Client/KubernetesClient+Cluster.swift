import Documents
import Foundation

extension KubernetesClient {
    /// What the server says of itself.
    package func version() async throws -> ServerVersion {
        ServerVersion(try await call(APIRequest(.get, "/version", verb: "get", resource: "/version")))
    }

    /// Whether the server says that it is ready.
    package func isReady() async throws -> Bool {
        var request = APIRequest(.get, "/readyz", verb: "get", resource: "/readyz")
        request.accept = "*/*"
        return String(decoding: try await bytes(request), as: UTF8.self).hasPrefix("ok")
    }

    /// Whether who asks may do something.
    /// - Returns: nil where it may, and otherwise why not, if the server says so.
    package func reviewAccess(_ verb: String, _ resource: String, in namespace: String) async throws -> AccessReview {
        let parts = resource.split(separator: "/", maxSplits: 1).map(String.init)
        var attributes = JSON.Members([
            ("namespace", .string(namespace)), ("verb", .string(verb)), ("resource", .string(parts[0])),
        ])
        if parts.count > 1 { attributes.append("subresource", .string(parts[1])) }
        let path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
        var request = APIRequest(.post, path, verb: "create", resource: "selfsubjectaccessreviews")
        request.body = [
            "apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectAccessReview",
            "spec": ["resourceAttributes": .object(attributes)],
        ]
        let status = try await call(request)["status"] ?? .null
        return AccessReview(isAllowed: status["allowed"]?.bool ?? false, reason: status["reason"]?.string)
    }

    /// The machines of the cluster.
    package func nodes(labels: String? = nil) async throws -> [ClusterNode] {
        var request = APIRequest(.get, "/api/v1/nodes", verb: "list", resource: "nodes")
        request.query = Self.selection(labels, nil)
        return ObjectList<ClusterNode>(try await call(request)).items
    }

    /// A machine of the cluster; nil where it is gone.
    package func node(_ name: String) async throws -> ClusterNode? {
        do {
            return ClusterNode(
                try await call(
                    APIRequest(.get, "/api/v1/nodes/\(APIRequest.encoded(name))", verb: "get", resource: "nodes", name: name)))
        } catch let error as KubernetesError where error.kind == .notFound {
            return nil
        }
    }

    /// What the cluster has told of an object, in order.
    package func events(of uid: String, in namespace: String) async throws -> [ClusterEvent] {
        var request = APIRequest(
            .get, "/api/v1/namespaces/\(APIRequest.encoded(namespace))/events", verb: "list", resource: "events",
            namespace: namespace)
        request.query = Self.selection(nil, "involvedObject.uid=\(uid)")
        return ObjectList<ClusterEvent>(try await call(request)).items.sorted {
            ($0.lastSeen ?? .distantPast) < ($1.lastSeen ?? .distantPast)
        }
    }
}

/// The answer to "may I?".
package struct AccessReview: Sendable, Hashable {
    package let isAllowed: Bool
    package let reason: String?
}

extension KubernetesClient {
    private func secrets(_ method: APIRequest.Method, verb: String, in namespace: String, name: String? = nil) -> APIRequest {
        APIRequest(
            method,
            "/api/v1/namespaces/\(APIRequest.encoded(namespace))/secrets" + (name.map { "/\(APIRequest.encoded($0))" } ?? ""),
            verb: verb, resource: "secrets", namespace: namespace, name: name)
    }

    /// Creates a secret that is deleted with the pod that owns it.
    /// - Throws: `KubernetesError`, never with a value in it.
    package func createSecret(
        _ name: String, in namespace: String, values: [String: String], labels: [String: String] = [:], owner: Pod
    ) async throws {
        var request = secrets(.post, verb: "create", in: namespace)
        request.query = [("fieldManager", "leat")]
        let data = values.mapValues { Data($0.utf8).base64EncodedString() }
        request.body = [
            "apiVersion": "v1", "kind": "Secret", "type": "Opaque", "immutable": true,
            "metadata": [
                "name": .string(name), "labels": JSON(texts: labels),
                "ownerReferences": [
                    [
                        "apiVersion": "v1", "kind": "Pod", "name": .string(owner.metadata.name),
                        "uid": .string(owner.metadata.uid),
                    ]
                ],
            ],
            "data": JSON(texts: data),
        ]
        _ = try await call(request)
    }

    /// Deletes a secret.
    /// - Returns: whether it was there.
    @discardableResult
    package func deleteSecret(_ name: String, in namespace: String) async throws -> Bool {
        do {
            _ = try await call(secrets(.delete, verb: "delete", in: namespace, name: name))
            return true
        } catch let error as KubernetesError where error.kind == .notFound {
            return false
        }
    }

    private func leases(_ method: APIRequest.Method, verb: String, in namespace: String, name: String? = nil) -> APIRequest {
        APIRequest(
            method,
            "/apis/coordination.k8s.io/v1/namespaces/\(APIRequest.encoded(namespace))/leases"
                + (name.map { "/\(APIRequest.encoded($0))" } ?? ""),
            verb: verb, resource: "leases", namespace: namespace, name: name)
    }

    /// The lease of that name; nil where there is none.
    package func lease(_ name: String, in namespace: String) async throws -> Lease? {
        do {
            return Lease(try await call(leases(.get, verb: "get", in: namespace, name: name)))
        } catch let error as KubernetesError where error.kind == .notFound {
            return nil
        }
    }

    /// Creates a lease, or replaces the version that was read.
    /// - Parameter holder: nil for nobody.
    /// - Throws: `KubernetesError`: `conflict` or `alreadyExists` where somebody else was faster.
    package func writeLease(_ name: String, in namespace: String, _ lease: Lease?, holder: String?, durationSeconds: Int)
        async throws
        -> Lease
    {
        var request = leases(lease == nil ? .post : .put, verb: lease == nil ? "create" : "update", in: namespace, name: name)
        if lease == nil { request = leases(.post, verb: "create", in: namespace) }
        let now = ClusterTime.microText(clock.now())
        var metadata = JSON.Members([("name", .string(name)), ("namespace", .string(namespace))])
        if let lease { metadata.append("resourceVersion", .string(lease.metadata.resourceVersion)) }
        let acquired = lease?.holder == holder ? lease?.acquiredAt.map { ClusterTime.microText($0) } ?? now : now
        var spec = JSON.Members([
            ("leaseDurationSeconds", .int(durationSeconds)), ("renewTime", .string(now)), ("acquireTime", .string(acquired)),
        ])
        if let holder { spec.append("holderIdentity", .string(holder)) }
        request.body = [
            "apiVersion": "coordination.k8s.io/v1", "kind": "Lease", "metadata": .object(metadata), "spec": .object(spec),
        ]
        return Lease(try await call(request))
    }
}

extension ClusterTime {
    /// With six digits after the second, as the fields of a lease want it.
    static func microText(_ date: Date) -> String {
        let micro = Int((date.timeIntervalSince1970 * 1e6).rounded(.down))
        let digits = String(micro % 1_000_000)
        return text(seconds: micro / 1_000_000).dropLast() + "." + String(repeating: "0", count: 6 - digits.count) + digits + "Z"
    }
}
