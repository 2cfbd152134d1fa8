package import Documents

extension KubernetesClient {
    private func pods(_ method: APIRequest.Method, verb: String, in namespace: String, name: String? = nil, sub: String = "")
        -> APIRequest
    {
        APIRequest(
            method,
            "/api/v1/namespaces/\(APIRequest.encoded(namespace))/pods" + (name.map { "/\(APIRequest.encoded($0))" } ?? "")
                + (sub.isEmpty ? "" : "/\(sub)"),
            verb: verb, resource: sub.isEmpty ? "pods" : "pods/\(sub)", namespace: namespace, name: name)
    }

    /// Creates a pod.
    /// - Parameter isTrial: whether the server only checks it.
    /// - Throws: `KubernetesError`: `alreadyExists` also where an earlier try whose answer was lost has made it.
    @discardableResult
    package func createPod(_ pod: JSON, in namespace: String, isTrial: Bool = false) async throws -> Pod {
        var request = pods(.post, verb: "create", in: namespace)
        request.query = [("fieldManager", "leat"), ("fieldValidation", "Strict")]
        if isTrial { request.query.append(("dryRun", "All")) }
        request.body = pod
        return Pod(try await call(request))
    }

    /// The pod of that name; nil where there is none.
    package func pod(_ name: String, in namespace: String) async throws -> Pod? {
        do {
            return Pod(try await call(pods(.get, verb: "get", in: namespace, name: name)))
        } catch let error as KubernetesError where error.kind == .notFound {
            return nil
        }
    }

    /// A page of pods.
    package func podPage(
        in namespace: String, labels: String? = nil, fields: String? = nil, limit: Int = 500, next: String? = nil
    ) async throws -> ObjectList<Pod> {
        var request = pods(.get, verb: "list", in: namespace)
        request.query = Self.selection(labels, fields) + [("limit", String(limit))]
        if let next { request.query.append(("continue", next)) }
        return ObjectList(try await call(request))
    }

    /// All pods that match, page by page.
    package func pods(in namespace: String, labels: String? = nil, fields: String? = nil) async throws -> [Pod] {
        var all: [Pod] = []
        var next: String?
        repeat {
            let page = try await podPage(in: namespace, labels: labels, fields: fields, next: next)
            all += page.items
            next = page.next
        } while next != nil
        return all
    }

    /// Changes a pod by a JSON merge patch (RFC 7386).
    @discardableResult
    package func patchPod(_ name: String, in namespace: String, _ patch: JSON) async throws -> Pod {
        var request = pods(.patch, verb: "patch", in: namespace, name: name)
        request.query = [("fieldManager", "leat")]
        request.contentType = "application/merge-patch+json"
        request.body = patch
        return Pod(try await call(request))
    }

    /// Deletes a pod, and no other that has its name by now.
    /// - Parameter graceSeconds: how long its processes have to end; nil for what the pod says.
    /// - Returns: whether it was there.
    @discardableResult
    package func deletePod(_ name: String, in namespace: String, uid: String, graceSeconds: Int? = nil) async throws -> Bool {
        var request = pods(.delete, verb: "delete", in: namespace, name: name)
        request.body = Self.deletion(uid: uid, graceSeconds: graceSeconds)
        do {
            _ = try await call(request)
            return true
        } catch let error as KubernetesError where error.kind == .notFound || error.kind == .conflict {
            return false
        }
    }

    /// Deletes all pods with these labels.
    package func deletePods(in namespace: String, labels: String, graceSeconds: Int? = nil) async throws {
        var request = pods(.delete, verb: "deletecollection", in: namespace)
        request.query = [("labelSelector", labels)]
        request.body = Self.deletion(uid: nil, graceSeconds: graceSeconds)
        _ = try await call(request)
    }

    /// The whole log of a container so far.
    /// - Parameter tail: only so many of the last lines.
    package func log(
        of name: String, in namespace: String, container: String, tail: Int? = nil, isPrevious: Bool = false
    ) async throws -> String {
        var request = pods(.get, verb: "get", in: namespace, name: name, sub: "log")
        request.accept = "*/*"
        request.query = [("container", container)]
        if let tail { request.query.append(("tailLines", String(tail))) }
        if isPrevious { request.query.append(("previous", "true")) }
        return String(decoding: try await bytes(request), as: UTF8.self)
    }

    /// The request for a log with times.
    func logRequest(of name: String, in namespace: String, container: String, since: String?, follows: Bool) -> APIRequest {
        var request = pods(.get, verb: "get", in: namespace, name: name, sub: "log")
        request.accept = "*/*"
        request.query = [("container", container), ("timestamps", "true")]
        if follows { request.query.append(("follow", "true")) }
        if let since { request.query.append(("sinceTime", since)) }
        return request
    }

    static func selection(_ labels: String?, _ fields: String?) -> [(name: String, value: String)] {
        var query: [(name: String, value: String)] = []
        if let labels { query.append(("labelSelector", labels)) }
        if let fields { query.append(("fieldSelector", fields)) }
        return query
    }

    private static func deletion(uid: String?, graceSeconds: Int?) -> JSON {
        var options = JSON.Members([
            ("kind", "DeleteOptions"), ("apiVersion", "v1"), ("propagationPolicy", "Background"),
        ])
        if let graceSeconds { options.append("gracePeriodSeconds", .int(graceSeconds)) }
        if let uid { options.append("preconditions", ["uid": .string(uid)]) }
        return .object(options)
    }
}
