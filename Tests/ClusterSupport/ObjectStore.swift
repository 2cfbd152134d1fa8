package import Documents
package import Foundation
package import Kubernetes
import Synchronization

/// The objects of a cluster with their history, as etcd and the API server keep them.
package final class ObjectStore: Sendable {
    package struct Key: Sendable, Hashable {
        package let resource: String
        package let namespace: String
        package let name: String

        package init(_ resource: String, _ namespace: String, _ name: String) {
            self.resource = resource
            self.namespace = namespace
            self.name = name
        }
    }

    package struct Record: Sendable {
        package let version: Int
        package let kind: String
        package let key: Key
        package let object: JSON
        /// The object before, by which a watch with a selector knows that one has left it.
        package let old: JSON?
    }

    /// What the server answers instead of an object.
    package struct Refusal: Error {
        package var status: Int
        package var reason: String
        package var message: String

        package init(_ status: Int, _ reason: String, _ message: String) {
            self.status = status
            self.reason = reason
            self.message = message
        }

        package var json: JSON {
            [
                "kind": "Status", "apiVersion": "v1", "metadata": [:], "status": "Failure", "message": .string(message),
                "reason": .string(reason), "code": .int(status),
            ]
        }
    }

    package struct LogFile: Sendable {
        package var lines: [(time: Int, bytes: [UInt8])] = []
        package var isOpen = true
    }

    private struct Content {
        var objects: [Key: JSON] = [:]
        var version = 100
        var history: [Record] = []
        /// Nothing older is known any more.
        var floor = 100
        var uids = 0
        var logs: [String: LogFile] = [:]
        var listeners: [Int: AsyncStream<Void>.Continuation] = [:]
        var listenerCount = 0
        var creations: [String: Int] = [:]
        var admission: @Sendable (String, JSON) throws -> Void = { _, _ in }
    }

    private let content = Mutex(Content())
    private let now: @Sendable () -> Date

    package init(now: @escaping @Sendable () -> Date = { Date() }) { self.now = now }

    // MARK: Reading

    package var version: Int { content.withLock { $0.version } }
    package var floor: Int { content.withLock { $0.floor } }
    package func object(_ key: Key) -> JSON? { content.withLock { $0.objects[key] } }
    package func objects(_ resource: String, in namespace: String? = nil) -> [JSON] {
        content.withLock { content in
            content.objects.filter { $0.key.resource == resource && (namespace == nil || $0.key.namespace == namespace) }
                .sorted { ($0.key.namespace, $0.key.name) < ($1.key.namespace, $1.key.name) }.map(\.value)
        }
    }
    package func pod(_ name: String, in namespace: String = "jobs") -> Pod? {
        object(Key("pods", namespace, name)).map { Pod($0) }
    }
    package var pods: [Pod] { objects("pods").map { Pod($0) } }
    /// How often a pod of each name was created.
    package var creations: [String: Int] { content.withLock { $0.creations } }

    /// What happened after a version; nil where that is not known any more.
    package func records(after version: Int) -> [Record]? {
        content.withLock { content in
            guard version >= content.floor else { return nil }
            return content.history.filter { $0.version > version }
        }
    }

    /// Hears that something has happened.
    package func listen() -> (Int, AsyncStream<Void>) {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let id = content.withLock { content in
            content.listenerCount += 1
            content.listeners[content.listenerCount] = continuation
            return content.listenerCount
        }
        return (id, stream)
    }

    package func forget(_ listener: Int) { content.withLock { $0.listeners[listener] = nil } }

    /// Has all who listen look again.
    package func ring() { for listener in content.withLock({ Array($0.listeners.values) }) { listener.yield() } }

    // MARK: Writing

    /// Says which objects are refused when they are created.
    package func setAdmission(_ check: @escaping @Sendable (_ resource: String, JSON) throws -> Void) {
        content.withLock { $0.admission = check }
    }

    /// Forgets what is older than now, as a compaction does.
    package func compact() {
        content.withLock { content in
            content.floor = content.version
            content.history = []
        }
    }

    package func create(_ key: Key, _ object: JSON, isTrial: Bool = false) throws -> JSON {
        try ObjectRules.check(key)
        try content.withLock { $0.admission }(key.resource, object)
        let created = try content.withLock { content in
            if content.objects[key] != nil {
                throw Refusal(409, "AlreadyExists", "\(key.resource) \"\(key.name)\" already exists")
            }
            content.uids += 1
            var object = object
            object.set(.string(key.name), at: "metadata", "name")
            if !key.namespace.isEmpty { object.set(.string(key.namespace), at: "metadata", "namespace") }
            object.set(.string("00000000-0000-0000-0000-\(String(content.uids + 1_000_000_000_00))"), at: "metadata", "uid")
            object.set(.string(ClusterTime.text(now())), at: "metadata", "creationTimestamp")
            if key.resource == "pods" { object.set("Pending", at: "status", "phase") }
            if isTrial { return object }
            if key.resource == "pods" { content.creations[key.name, default: 0] += 1 }
            return Self.write(object, at: key, "ADDED", &content)
        }
        ring()
        return created
    }

    /// Changes an object; without a change nothing happens.
    /// - Parameter change: is given the object, and may refuse.
    @discardableResult
    package func update(_ key: Key, _ change: (inout JSON) throws -> Void) throws -> JSON {
        let updated = try content.withLock { content in
            guard let old = content.objects[key] else { throw Self.notFound(key) }
            var object = old
            try change(&object)
            if object == old { return old }
            let written = Self.write(object, at: key, "MODIFIED", &content)
            // The last finalizer of an object that is being deleted was the last thing that held it.
            if written.at("metadata", "deletionTimestamp") != nil, old.at("metadata", "finalizers")?.array?.isEmpty == false,
                written.at("metadata", "finalizers")?.array?.isEmpty != false
            {
                Self.remove(key, &content)
            }
            return written
        }
        ring()
        return updated
    }

    /// Deletes an object: a pod that runs on a node is only marked, its kubelet takes it away.
    @discardableResult
    package func delete(_ key: Key, uid: String? = nil, graceSeconds: Int? = nil) throws -> JSON {
        let deleted = try content.withLock { content in
            guard let old = content.objects[key] else { throw Self.notFound(key) }
            if let uid, old.at("metadata", "uid")?.string != uid {
                throw Refusal(
                    409, "Conflict",
                    "Operation cannot be fulfilled on \(key.resource) \"\(key.name)\": the UID in the precondition (\(uid)) does not match the UID in record (\(old.at("metadata", "uid")?.string ?? ""))"
                )
            }
            let holds = old.at("metadata", "finalizers")?.array?.isEmpty == false
            let runs =
                key.resource == "pods" && old.at("spec", "nodeName") != nil && graceSeconds != 0
                && !["Succeeded", "Failed"].contains(old.at("status", "phase")?.string ?? "")
            guard holds || runs else {
                Self.remove(key, &content)
                return old
            }
            if old.at("metadata", "deletionTimestamp") != nil { return old }
            var object = old
            object.set(
                .string(ClusterTime.text(now().addingTimeInterval(Double(graceSeconds ?? 30)))), at: "metadata",
                "deletionTimestamp")
            return Self.write(object, at: key, "MODIFIED", &content)
        }
        ring()
        return deleted
    }

    private static func write(_ object: JSON, at key: Key, _ kind: String, _ content: inout Content) -> JSON {
        content.version += 1
        var object = object
        object.set(.string(String(content.version)), at: "metadata", "resourceVersion")
        let old = content.objects.updateValue(object, forKey: key)
        content.history.append(Record(version: content.version, kind: kind, key: key, object: object, old: old))
        return object
    }

    private static func remove(_ key: Key, _ content: inout Content) {
        guard var object = content.objects.removeValue(forKey: key) else { return }
        content.version += 1
        let old = object
        object.set(.string(String(content.version)), at: "metadata", "resourceVersion")
        content.history.append(Record(version: content.version, kind: "DELETED", key: key, object: object, old: old))
        // What it owns goes with it.
        guard let uid = object.at("metadata", "uid")?.string else { return }
        for (other, value) in content.objects where value.at("metadata", "ownerReferences")?[0]?["uid"]?.string == uid {
            remove(other, &content)
        }
    }

    private static func notFound(_ key: Key) -> Refusal {
        Refusal(404, "NotFound", "\(key.resource) \"\(key.name)\" not found")
    }

    // MARK: Logs

    package func log(of uid: String, container: String) -> LogFile? { content.withLock { $0.logs["\(uid)/\(container)"] } }

    package func changeLog(of uid: String, container: String, _ change: (inout LogFile) -> Void) {
        content.withLock { change(&$0.logs["\(uid)/\(container)", default: LogFile()]) }
        ring()
    }
}

extension JSON {
    /// Sets the member at the end of a path, making the objects on the way.
    package mutating func set(_ value: JSON?, at path: String...) { set(value, at: path[...]) }

    private mutating func set(_ value: JSON?, at path: ArraySlice<String>) {
        guard let key = path.first else { return }
        var members = object ?? Members()
        if path.count == 1 {
            members[key] = value
        } else {
            var inner = members[key] ?? .object(Members())
            inner.set(value, at: path.dropFirst())
            members[key] = inner
        }
        self = .object(members)
    }

    /// A JSON merge patch (RFC 7386).
    package mutating func merge(_ patch: JSON) {
        guard case .object(let changes) = patch else {
            self = patch
            return
        }
        var members = object ?? Members()
        for entry in changes.entries {
            if entry.value.isNull {
                members[entry.key] = nil
            } else {
                var inner = members[entry.key] ?? .null
                inner.merge(entry.value)
                members[entry.key] = inner
            }
        }
        self = .object(members)
    }
}
