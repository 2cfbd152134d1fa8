package import Documents
package import Foundation

/// Something that the cluster tells of an object: that no node has room, that an image is being pulled.
package struct ClusterEvent: ClusterObject, Hashable {
    package let metadata: ObjectMeta
    /// The uid of the object that it is about.
    package let subjectUID: String
    package let subjectName: String
    package let subjectKind: String
    /// `FailedScheduling`, `Pulling`, `BackOff`.
    package let reason: String
    package let message: String
    package let isWarning: Bool
    package let count: Int
    package let lastSeen: Date?

    package init(_ json: JSON) {
        metadata = ObjectMeta(json["metadata"] ?? .null)
        let subject = json["involvedObject"] ?? .null
        subjectUID = subject["uid"]?.string ?? ""
        subjectName = subject["name"]?.string ?? ""
        subjectKind = subject["kind"]?.string ?? ""
        reason = json["reason"]?.string ?? ""
        message = json["message"]?.string ?? ""
        isWarning = json["type"]?.string == "Warning"
        count = json["count"]?.int ?? json.at("series", "count")?.int ?? 1
        lastSeen = (json["lastTimestamp"]?.string ?? json["eventTime"]?.string).flatMap { ClusterTime.date($0) }
    }
}

/// A machine of the cluster.
package struct ClusterNode: ClusterObject, Hashable {
    package let metadata: ObjectMeta
    /// Whether new pods are kept away from it.
    package let isUnschedulable: Bool
    package let conditions: [Condition]

    package init(_ json: JSON) {
        metadata = ObjectMeta(json["metadata"] ?? .null)
        isUnschedulable = json.at("spec", "unschedulable")?.bool ?? false
        conditions = (json.at("status", "conditions")?.array ?? []).map(Condition.init)
    }

    /// Whether its kubelet has not been heard of for a while.
    package var isLost: Bool { conditions.contains { $0.type == "Ready" && $0.isTrue == nil } }
    package var isReady: Bool { conditions.contains { $0.type == "Ready" && $0.isTrue == true } }
}

/// Values that pods read, kept apart from their specifications.
package struct ClusterSecret: ClusterObject {
    package let metadata: ObjectMeta
    /// The keys; values are not read back.
    package let keys: [String]

    package init(_ json: JSON) {
        metadata = ObjectMeta(json["metadata"] ?? .null)
        keys = json["data"]?.object?.keys ?? []
    }
}

/// Who of several has the lead, as long as it is renewed.
package struct Lease: ClusterObject, Hashable {
    package let metadata: ObjectMeta
    package var holder: String?
    package var durationSeconds: Int
    package var acquiredAt: Date?
    package var renewedAt: Date?

    package init(_ json: JSON) {
        metadata = ObjectMeta(json["metadata"] ?? .null)
        let spec = json["spec"] ?? .null
        holder = spec["holderIdentity"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        durationSeconds = spec["leaseDurationSeconds"]?.int ?? 15
        acquiredAt = spec["acquireTime"]?.string.flatMap { ClusterTime.date($0) }
        renewedAt = spec["renewTime"]?.string.flatMap { ClusterTime.date($0) }
    }
}

/// What the server says of itself.
package struct ServerVersion: Sendable, Hashable {
    package let major: String
    package let minor: String
    package let gitVersion: String

    package init(_ json: JSON) {
        major = json["major"]?.string ?? ""
        minor = json["minor"]?.string ?? ""
        gitVersion = json["gitVersion"]?.string ?? ""
    }
}

/// A page of a list.
package struct ObjectList<Object: ClusterObject>: Sendable {
    package let items: [Object]
    /// The version that a watch goes on from.
    package let resourceVersion: String
    /// Where the next page begins; nil on the last.
    package let next: String?

    package init(_ json: JSON) {
        items = (json["items"]?.array ?? []).map(Object.init)
        resourceVersion = json.at("metadata", "resourceVersion")?.string ?? ""
        next = json.at("metadata", "continue")?.string.flatMap { $0.isEmpty ? nil : $0 }
    }
}
