import Documents
import Foundation
import Kubernetes
import NIOHTTP1
import Synchronization

/// Answers one request.
struct RequestHandler {
    let server: TestAPIServer
    let head: HTTPRequestHead
    let body: [UInt8]
    let writer: ResponseWriter

    private var store: ObjectStore { server.store }

    /// What a path means.
    private struct Target {
        var resource = ""
        var namespace = ""
        var name: String?
        var sub: String?
    }

    func handle() async throws {
        let parts = head.uri.split(separator: "?", maxSplits: 1)
        let path = String(parts[0])
        var query: [String: String] = [:]
        for item in URLComponents(string: head.uri)?.queryItems ?? [] { query[item.name] = item.value ?? "" }
        do {
            try authenticate()
            if path == "/version" {
                return try await answer(["major": "1", "minor": "36", "gitVersion": "v1.36.0"])
            }
            if path == "/readyz" { return try await writer.answer(200, Array("ok".utf8), type: "text/plain") }
            let target = try Self.target(of: path)
            let verb = Self.verb(head.method, target, query)
            let resource = target.resource + (target.sub.map { "/\($0)" } ?? "")
            server.note("\(verb) \(resource)")
            try authorize(verb, resource, target)
            let fault = server.takeFault(verb, resource)
            switch fault {
            case .hangUp: return try await writer.hangUp()
            case .status(let status, let retryAfter, let reason, let message):
                let refusal = ObjectStore.Refusal(status, reason, message)
                return try await writer.answer(status, refusal.json.bytes(), retryAfter: retryAfter)
            case .loseAnswer, nil: break
            }
            if verb == "watch" { return try await watch(target, query) }
            if target.sub == "log" { return try await log(target, query) }
            let object = try perform(verb, target, query)
            if case .loseAnswer = fault { return try await writer.hangUp() }
            try await answer(object, status: verb == "create" ? 201 : 200)
        } catch let refusal as ObjectStore.Refusal {
            try await writer.answer(refusal.status, refusal.json.bytes())
        }
    }

    private func answer(_ object: JSON, status: Int = 200) async throws { try await writer.answer(status, object.bytes()) }

    private func authenticate() throws {
        let tokens = server.state.withLock { $0.tokens }
        guard !tokens.isEmpty else { return }
        let given = head.headers.first(name: "authorization") ?? ""
        guard tokens.contains(where: { given == "Bearer \($0)" }) else {
            throw ObjectStore.Refusal(401, "Unauthorized", "Unauthorized")
        }
    }

    private func authorize(_ verb: String, _ resource: String, _ target: Target) throws {
        guard server.state.withLock({ $0.denied.contains("\(verb) \(resource)") }) else { return }
        throw ObjectStore.Refusal(
            403, "Forbidden",
            "\(resource) is forbidden: User \"system:serviceaccount:leat:server\" cannot \(verb) resource \"\(resource)\" in API group \"\" in the namespace \"\(target.namespace)\""
        )
    }

    private static func target(of path: String) throws -> Target {
        var parts = path.split(separator: "/").map { $0.removingPercentEncoding ?? String($0) }[...]
        let prefixes = [["api", "v1"], ["apis", "coordination.k8s.io", "v1"], ["apis", "authorization.k8s.io", "v1"]]
        guard let prefix = prefixes.first(where: { parts.starts(with: $0) }) else {
            throw ObjectStore.Refusal(404, "NotFound", "the server could not find the requested resource")
        }
        parts = parts.dropFirst(prefix.count)
        var target = Target()
        if parts.first == "namespaces", parts.count >= 3 {
            target.namespace = parts[parts.startIndex + 1]
            parts = parts.dropFirst(2)
        }
        target.resource = parts.popFirst() ?? ""
        target.name = parts.popFirst()
        target.sub = parts.popFirst()
        return target
    }

    private static func verb(_ method: HTTPMethod, _ target: Target, _ query: [String: String]) -> String {
        switch method {
        case .GET where query["watch"] == "1" || query["watch"] == "true": "watch"
        case .GET: target.name == nil ? "list" : "get"
        case .POST: "create"
        case .PUT: "update"
        case .PATCH: "patch"
        case .DELETE: target.name == nil ? "deletecollection" : "delete"
        default: "?"
        }
    }

    private func perform(_ verb: String, _ target: Target, _ query: [String: String]) throws -> JSON {
        let json = body.isEmpty ? JSON.null : (try? JSON(parsing: body)) ?? .null
        let name = target.name ?? json.at("metadata", "name")?.string ?? ""
        let key = ObjectStore.Key(target.resource, target.namespace, name)
        switch verb {
        case "create" where target.resource == "selfsubjectaccessreviews": return review(json)
        case "create": return try store.create(key, json, isTrial: query["dryRun"] == "All")
        case "get":
            guard let object = store.object(key) else {
                throw ObjectStore.Refusal(404, "NotFound", "\(key.resource) \"\(name)\" not found")
            }
            return object
        case "list": return try list(target, query)
        case "patch": return try store.update(key) { $0.merge(json) }
        case "update":
            return try store.update(key) { object in
                let version = json.at("metadata", "resourceVersion")?.string
                guard version == nil || version == object.at("metadata", "resourceVersion")?.string else {
                    throw ObjectStore.Refusal(
                        409, "Conflict",
                        "Operation cannot be fulfilled on \(key.resource) \"\(name)\": the object has been modified")
                }
                object.set(json["spec"], at: "spec")
            }
        case "delete":
            return try store.delete(
                key, uid: json.at("preconditions", "uid")?.string, graceSeconds: json["gracePeriodSeconds"]?.int)
        case "deletecollection":
            for object in store.objects(target.resource, in: target.namespace) where matches(object, query) {
                let name = object.at("metadata", "name")?.string ?? ""
                _ = try? store.delete(
                    ObjectStore.Key(target.resource, target.namespace, name), graceSeconds: json["gracePeriodSeconds"]?.int)
            }
            return ["kind": "PodList", "items": []]
        default: throw ObjectStore.Refusal(405, "MethodNotAllowed", "the server does not allow this method")
        }
    }

    private func review(_ json: JSON) -> JSON {
        let attributes = json.at("spec", "resourceAttributes") ?? .null
        let resource = (attributes["resource"]?.string ?? "") + (attributes["subresource"]?.string.map { "/\($0)" } ?? "")
        let right = "\(attributes["verb"]?.string ?? "") \(resource)"
        let isAllowed = server.state.withLock { !$0.denied.contains(right) }
        return ["kind": "SelfSubjectAccessReview", "status": ["allowed": .bool(isAllowed)]]
    }

    private func matches(_ object: JSON, _ query: [String: String]) -> Bool {
        ObjectRules.matches(object, labels: query["labelSelector"] ?? "")
            && ObjectRules.matches(object, fields: query["fieldSelector"] ?? "")
    }

    /// A page; the token for the next holds the version of the list and the last name.
    private func list(_ target: Target, _ query: [String: String]) throws -> JSON {
        var version = store.version
        var after = ""
        if let token = query["continue"] {
            let parts = token.split(separator: "|", maxSplits: 1).map(String.init)
            version = Int(parts[0]) ?? 0
            after = parts.last ?? ""
            guard version >= store.floor else {
                throw ObjectStore.Refusal(
                    410, "Expired", "The provided continue parameter is too old to display a consistent list result.")
            }
        }
        let all = store.objects(target.resource, in: target.namespace.isEmpty ? nil : target.namespace)
            .filter { matches($0, query) && ($0.at("metadata", "name")?.string ?? "") > after }
        let limit = query["limit"].flatMap { Int($0) } ?? .max
        var metadata = JSON.Members([("resourceVersion", .string(String(version)))])
        if all.count > limit {
            metadata.append("continue", .string("\(version)|\(all[limit - 1].at("metadata", "name")?.string ?? "")"))
        }
        return ["kind": "List", "apiVersion": "v1", "metadata": .object(metadata), "items": .array(Array(all.prefix(limit)))]
    }

    // MARK: Streams

    private func watch(_ target: Target, _ query: [String: String]) async throws {
        let id = server.openStream()
        let (listener, rings) = store.listen()
        defer {
            server.closeStream(id)
            store.forget(listener)
        }
        try await writer.begin(type: "application/json")
        var version = query["resourceVersion"].flatMap { Int($0) } ?? store.version
        var rounds = rings.makeAsyncIterator()
        while true {
            var isCutWithin = false
            switch server.takeOrder(id) {
            case .none: break
            case .end: return try await writer.end()
            case .cut: return try await writer.hangUp()
            case .cutWithin: isCutWithin = true
            case .expire:
                try await line("ERROR", ObjectStore.Refusal(410, "Expired", "too old resource version: \(version)").json)
                return try await writer.end()
            case .bookmark:
                try await line("BOOKMARK", ["kind": "Pod", "metadata": ["resourceVersion": .string(String(version))]])
            }
            guard let records = store.records(after: version) else {
                // As the real one: within an answer that began with 200.
                try await line("ERROR", ObjectStore.Refusal(410, "Expired", "too old resource version: \(version)").json)
                return try await writer.end()
            }
            for record in records {
                version = record.version
                guard record.key.resource == target.resource,
                    target.namespace.isEmpty || record.key.namespace == target.namespace
                else { continue }
                let isIn = matches(record.object, query)
                let wasIn = record.old.map { matches($0, query) } ?? false
                guard isIn || wasIn else { continue }
                let kind = record.kind == "DELETED" || !isIn ? "DELETED" : wasIn ? "MODIFIED" : "ADDED"
                if isCutWithin {
                    let bytes = (["type": .string(kind), "object": record.object] as JSON).bytes()
                    try await writer.piece(bytes.prefix(bytes.count / 2))
                    return try await writer.hangUp()
                }
                try await line(kind, record.object)
            }
            guard await rounds.next() != nil, !server.isStopped else { return try await writer.hangUp() }
        }
    }

    private func line(_ kind: String, _ object: JSON) async throws {
        try await writer.piece((["type": .string(kind), "object": object] as JSON).bytes() + [UInt8(ascii: "\n")])
    }

    private func log(_ target: Target, _ query: [String: String]) async throws {
        let container = query["container"] ?? ""
        guard let pod = store.pod(target.name ?? "", in: target.namespace) else {
            throw ObjectStore.Refusal(404, "NotFound", "pods \"\(target.name ?? "")\" not found")
        }
        guard store.log(of: pod.metadata.uid, container: container) != nil else {
            throw ObjectStore.Refusal(
                400, "BadRequest",
                "container \"\(container)\" in pod \"\(pod.metadata.name)\" is waiting to start: ContainerCreating")
        }
        let id = server.openStream()
        let (listener, rings) = store.listen()
        defer {
            server.closeStream(id)
            store.forget(listener)
        }
        try await writer.begin(type: "text/plain")
        let since = query["sinceTime"].flatMap { ClusterTime.nanoseconds($0) } ?? 0
        var sent = 0
        var rounds = rings.makeAsyncIterator()
        while true {
            guard let file = store.log(of: pod.metadata.uid, container: container) else { return try await writer.end() }
            var isCutWithin = false
            switch server.takeOrder(id) {
            case .none, .bookmark, .expire: break
            // What is not followed ends with the last line, or is cut.
            case .end: if query["follow"] == "true" { return try await writer.end() }
            case .cut: return try await writer.hangUp()
            case .cutWithin: isCutWithin = true
            }
            // A file that was rotated begins anew.
            if sent > file.lines.count { sent = 0 }
            for entry in file.lines[sent...] {
                sent += 1
                guard entry.time >= since else { continue }
                let stamp = query["timestamps"] == "true" ? Array((Self.stamp(entry.time) + " ").utf8) : []
                let bytes = stamp + entry.bytes + [UInt8(ascii: "\n")]
                if isCutWithin {
                    try await writer.piece(bytes.prefix(bytes.count / 2))
                    return try await writer.hangUp()
                }
                try await writer.piece(bytes)
            }
            if query["follow"] != "true" || !file.isOpen { return try await writer.end() }
            guard await rounds.next() != nil, !server.isStopped else { return try await writer.hangUp() }
        }
    }

    /// Go's RFC3339Nano: digits after the second as far as there are any.
    private static func stamp(_ nanoseconds: Int) -> String {
        let text = String(ClusterTime.text(seconds: nanoseconds / 1_000_000_000).dropLast())
        var digits = String(nanoseconds % 1_000_000_000)
        digits = String(repeating: "0", count: 9 - digits.count) + digits
        while digits.hasSuffix("0") { digits.removeLast() }
        return digits.isEmpty ? text + "Z" : text + "." + digits + "Z"
    }
}
