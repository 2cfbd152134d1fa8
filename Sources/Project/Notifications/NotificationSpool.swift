import Documents
import Foundation

/// Notifications on their way, a file each, so that they survive the process: whoever comes next takes over those of processes that
/// are gone.
///
/// A file's name begins with the number of its process. Taking over is a rename, which only one of several can do.
struct NotificationSpool: Sendable {
    struct Entry: Sendable {
        let id: String
        let channel: String
        let notification: Notification
    }

    /// What is older is of no use to anybody.
    static let maximumAge: TimeInterval = 86_400

    let folder: String
    /// Of this process.
    var process = ProcessInfo.processInfo.processIdentifier

    private func path(_ id: String) -> String { "\(folder)/\(process)-\(id).json" }

    /// Where the file cannot be written, the notification lives as long as the process.
    func add(_ notification: Notification, channel: String) -> Entry {
        let entry = Entry(id: UUID().uuidString.lowercased(), channel: channel, notification: notification)
        let document: JSON = ["channel": .string(channel), "notification": notification.json]
        try? FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        try? Data(document.text().utf8).write(to: URL(filePath: path(entry.id)), options: .atomic)
        return entry
    }

    func remove(_ entry: Entry) { try? FileManager.default.removeItem(atPath: path(entry.id)) }

    /// Takes over what processes have left that are gone, the oldest first.
    func adopt() -> [Entry] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.compactMap { name -> Entry? in
            let parts = name.dropLast(5).split(separator: "-", maxSplits: 1).map(String.init)
            guard name.hasSuffix(".json"), parts.count == 2, let owner = pid_t(parts[0]) else { return nil }
            // One that has the number of this process was left by a process before it, as in containers.
            guard owner == process || (kill(owner, 0) != 0 && errno == ESRCH) else { return nil }
            let mine = path(parts[1])
            guard owner == process || rename("\(folder)/\(name)", mine) == 0 else { return nil }
            guard let date = (try? FileManager.default.attributesOfItem(atPath: mine))?[.modificationDate] as? Date,
                date.timeIntervalSinceNow > -Self.maximumAge,
                let text = try? String(contentsOfFile: mine, encoding: .utf8), let document = try? JSON(parsing: text),
                let channel = document["channel"]?.string,
                let notification = document["notification"].flatMap({ Notification(json: $0) })
            else {
                try? FileManager.default.removeItem(atPath: mine)
                return nil
            }
            return Entry(id: parts[1], channel: channel, notification: notification)
        }.sorted { $0.notification.time < $1.notification.time }
    }
}
