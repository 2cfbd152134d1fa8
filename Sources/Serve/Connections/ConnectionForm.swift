import Documents
import Ingest
import Jinja
import Project
import Records

/// What a form says of a connection, and the other way round.
struct ConnectionForm {
    /// A stream as the form shows it: what the source offers, and what is chosen of it.
    struct Stream {
        var name: String
        var namespace: String?
        /// What the source offers now; nil where it does not offer the stream any more.
        var offered: DiscoveredStream?
        var isChosen = false
        var mode = SyncMode.fullRefreshOverwrite.rawValue
        var cursor = ""
        var key: [String] = []
        /// nil for all.
        var columns: [String]?
    }

    var name = ""
    var source: String
    var destination: String
    var streams: [Stream] = []
    /// `manual`, `cron` or `every`.
    var schedule = "manual"
    var cron = ""
    var zone = "UTC"
    var every = ""
    var namespace = "destination"
    var namespaceFormat = ""
    var prefix = ""
    var policy = "propagate_columns"

    init(source: String, destination: String) {
        self.source = source
        self.destination = destination
    }

    /// What a definition says, beside what the source offers.
    init(name: String, content: JSON, offered: [DiscoveredStream]) {
        self.init(source: content["source"]?.string ?? "", destination: content["destination"]?.string ?? "")
        self.name = name
        offer(offered)
        for item in content["streams"]?.array ?? [] {
            let name = item["name"]?.string ?? ""
            let space = item["namespace"]?.string
            var index = streams.firstIndex { $0.name == name && (space == nil || $0.namespace == space) }
            if index == nil {
                streams.insert(Stream(name: name, namespace: space), at: 0)
                index = 0
            }
            guard let index else { continue }
            streams[index].isChosen = true
            streams[index].mode = item["sync_mode"]?.string ?? streams[index].mode
            streams[index].cursor = item["cursor_field"]?.string ?? ""
            streams[index].key = item["primary_key"]?.array?.compactMap(\.string) ?? []
            streams[index].columns = item["selected_fields"]?.array?.compactMap(\.string)
        }
        read(schedule: content["schedule"])
        namespace = content["namespace_definition"]?.string ?? namespace
        namespaceFormat = content["namespace_format"]?.string ?? ""
        prefix = content["prefix"]?.string ?? ""
        policy = content["non_breaking_schema_updates_behavior"]?.string ?? policy
    }

    mutating func offer(_ offered: [DiscoveredStream]) {
        streams = offered.map { stream in
            var item = Stream(name: stream.descriptor.name, namespace: stream.descriptor.namespace, offered: stream)
            item.key = stream.primaryKey
            item.cursor = stream.defaultCursorField ?? ""
            return item
        }
    }

    private mutating func read(schedule: JSON?) {
        if let cron = schedule?["cron"]?.string {
            self.schedule = "cron"
            self.cron = cron
            zone = schedule?["timezone"]?.string ?? zone
        } else if let every = schedule?["every"]?.string {
            self.schedule = "every"
            self.every = every
        }
    }

    /// Takes what a sent form says.
    mutating func take(_ fields: FormFields) {
        func text(_ name: String) -> String { String((fields[name] ?? "").trimmingSpaces) }
        name = text("name")
        (schedule, cron, zone, every) = (text("schedule"), text("cron"), text("zone"), text("every"))
        (namespace, namespaceFormat, prefix, policy) = (text("namespace"), text("format"), text("prefix"), text("policy"))
        for index in streams.indices {
            let id = "s\(index)"
            // A form that was made before the source changed has other streams under these numbers.
            guard fields["\(id).name"] == streams[index].fullName else { continue }
            streams[index].isChosen = fields["\(id).on"] != nil
            streams[index].mode = text("\(id).mode")
            streams[index].cursor = text("\(id).cursor")
            streams[index].key = text("\(id).key").split(separator: ",").map { String($0.trimmingSpaces) }
            let columns = fields.all("\(id).columns")
            let all = streams[index].offered?.fields.map(\.name) ?? []
            streams[index].columns = columns.isEmpty || columns.count == all.count ? nil : columns
        }
    }

    /// As it would stand under the name in leat.yml.
    var content: JSON {
        var members = JSON.Members([("source", .string(source)), ("destination", .string(destination))])
        switch schedule {
        case "cron": members["schedule"] = ["cron": .string(cron), "timezone": .string(zone.isEmpty ? "UTC" : zone)]
        case "every": members["schedule"] = ["every": .string(every)]
        default: break
        }
        members["namespace_definition"] = .string(namespace)
        if namespace == "custom_format" { members["namespace_format"] = .string(namespaceFormat) }
        if !prefix.isEmpty { members["prefix"] = .string(prefix) }
        members["non_breaking_schema_updates_behavior"] = .string(policy)
        members["streams"] = .array(streams.filter(\.isChosen).map(\.content))
        return .object(members)
    }

    /// For the template.
    var value: Value {
        func options(_ names: [(String, String)], _ chosen: String) -> Value {
            Value(
                names.map {
                    Value(["value": .string($0.0), "title": .string($0.1), "chosen": .bool($0.0 == chosen)])
                })
        }
        return Value([
            "name": .string(name), "source": .string(source), "destination": .string(destination), "cron": .string(cron),
            "zone": .string(zone), "every": .string(every), "format": .string(namespaceFormat), "prefix": .string(prefix),
            "schedules": options(
                [("manual", "by hand"), ("every", "every so often"), ("cron", "by a cron expression")], schedule),
            "namespaces": options(
                [
                    ("destination", "the destination's schema"), ("source", "as in the source"),
                    ("custom_format", "this one"),
                ], namespace),
            "policies": options(SchemaPolicy.names.map { ($0, $0.replacing("_", with: " ")) }, policy),
            "streams": Value(
                streams.enumerated().map { index, stream in
                    Value([
                        "id": .string("s\(index)"), "name": .string(stream.fullName), "on": .bool(stream.isChosen),
                        "modes": options(
                            SyncMode.allCases.filter {
                                stream.offered?.supportsIncremental != false || !$0.rawValue.hasPrefix("inc")
                            }
                            .map { ($0.rawValue, $0.rawValue.replacing("_", with: " ")) }, stream.mode),
                        "cursor": .string(stream.cursor), "key": .string(stream.key.joined(separator: ", ")),
                        "gone": .bool(stream.offered == nil), "rows": Value(stream.offered?.estimatedRows.map(Amount.count)),
                        "columns": Value(
                            (stream.offered?.fields ?? []).map { field in
                                Value([
                                    "name": .string(field.name), "type": .string(field.typeName),
                                    "on": .bool(stream.columns?.contains(field.name) ?? true),
                                ])
                            }),
                    ])
                }),
        ])
    }
}

extension ConnectionForm.Stream {
    fileprivate var fullName: String { namespace.map { "\($0).\(name)" } ?? name }

    fileprivate var content: JSON {
        var members = JSON.Members([("name", .string(name))])
        if let namespace { members["namespace"] = .string(namespace) }
        members["sync_mode"] = .string(mode)
        if !cursor.isEmpty, mode.hasPrefix("incremental") || mode.hasSuffix("deduped") {
            members["cursor_field"] = .string(cursor)
        }
        if !key.isEmpty, mode.hasSuffix("deduped") { members["primary_key"] = .array(key.map { .string($0) }) }
        if let columns { members["selected_fields"] = .array(columns.map { .string($0) }) }
        return .object(members)
    }
}
