package import Documents

/// One line of a watch.
package enum WatchLine: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable { case added = "ADDED", modified = "MODIFIED", deleted = "DELETED" }

    case event(Kind, JSON)
    /// Nothing happened up to this version.
    case bookmark(resourceVersion: String)
    case failure(code: Int, message: String)

    /// - Returns: nil for what is no line of a watch; such as one that was cut.
    package init?(parsing bytes: [UInt8]) {
        guard let json = try? JSON(parsing: bytes), let type = json["type"]?.string, let object = json["object"] else {
            return nil
        }
        switch type {
        case "BOOKMARK": self = .bookmark(resourceVersion: object.at("metadata", "resourceVersion")?.string ?? "")
        case "ERROR":
            self = .failure(code: object["code"]?.int ?? 500, message: object["message"]?.string ?? "no reason was given")
        default:
            // Types to come are passed over like bookmarks without a version.
            self = Kind(rawValue: type).map { .event($0, object) } ?? .bookmark(resourceVersion: "")
        }
    }
}
