import Documents
package import Kubernetes

/// How the pod of an attempt is called and labelled, so that it is found again by who does not know more than the attempt.
package struct PodIdentity: Sendable, Hashable {
    /// The same for an attempt whoever asks; at most 63 characters.
    package let name: String
    package let labels: [String: String]
    package let annotations: [String: String]

    static let managedBy = "app.kubernetes.io/managed-by"
    static let projectLabel = "leat.dev/project"
    static let attemptLabel = "leat.dev/attempt"
    /// The attempt in full, which a label has no room for.
    static let attemptAnnotation = "leat.dev/attempt"
    /// The records that the attempt stands in: those of the same project on another machine have pods of their own.
    static let storeLabel = "leat.dev/store"
    /// What becomes of the pod after the end of the attempt, for who finds it.
    static let deleteAnnotation = "leat.dev/delete"
    static let ttlAnnotation = "leat.dev/ttl-seconds"
    /// Set once the end of the attempt is in the store.
    static let recordedLabel = "leat.dev/recorded"
    /// When a pod that is kept may go, in seconds since 1970.
    static let expiryAnnotation = "leat.dev/delete-after"

    /// - Parameter store: tells the records of the project from others of the same project.
    package init(project: String, store: String = "", run: RunID, key: AttemptKey) {
        let full = "\(store.isEmpty ? project : "\(project)@\(store)")/\(run.pipeline)/\(run.name)/\(key.task)/\(key.number)"
        let digest = Self.digest(full)
        name = "leat-" + Self.slug(key.task.rawValue, limit: 63 - 5 - 17) + "-" + digest
        labels = [
            Self.managedBy: "leat", Self.projectLabel: Self.label(project),
            Self.storeLabel: store.isEmpty ? "" : Self.label(store),
            "leat.dev/pipeline": Self.label(run.pipeline.rawValue),
            "leat.dev/run": Self.label(run.name), "leat.dev/task": Self.label(key.task.rawValue),
            "leat.dev/try": String(key.number), Self.attemptLabel: digest,
        ]
        annotations = [
            Self.attemptAnnotation: full, "leat.dev/pipeline": run.pipeline.rawValue, "leat.dev/run": run.name,
            "leat.dev/task": key.task.rawValue,
        ]
    }

    /// Which pods are a project's.
    /// - Parameter store: only those of attempts in these records.
    package static func selector(project: String, store: String? = nil) -> String {
        "\(managedBy)=leat,\(projectLabel)=\(label(project))" + (store.map { ",\(storeLabel)=\(label($0))" } ?? "")
    }

    /// Which attempt a pod is of; nil where it does not say.
    static func attempt(of pod: Pod) -> (run: RunID, key: AttemptKey)? {
        let annotations = pod.metadata.annotations
        guard let pipeline = annotations["leat.dev/pipeline"], let run = annotations["leat.dev/run"],
            let task = annotations["leat.dev/task"], let number = pod.metadata.labels["leat.dev/try"].flatMap({ Int($0) })
        else { return nil }
        return (RunID(pipeline: PipelineID(pipeline), name: run), AttemptKey(task: TaskID(task), number: number))
    }

    /// Whether a pod is the one of this attempt, and not another's of the same name.
    package func isOwner(of pod: Pod) -> Bool {
        pod.metadata.annotations[Self.attemptAnnotation] == annotations[Self.attemptAnnotation]
    }

    /// Lower-case letters, digits and single hyphens, as names of DNS have them.
    private static func slug(_ text: String, limit: Int) -> String {
        var out = ""
        for scalar in text.lowercased().unicodeScalars {
            let isPlain = ("a"..."z").contains(scalar) || ("0"..."9").contains(scalar)
            if isPlain { out.unicodeScalars.append(scalar) } else if !out.isEmpty, out.last != "-" { out += "-" }
            if out.count >= limit { break }
        }
        while out.hasSuffix("-") { out.removeLast() }
        return out.isEmpty ? "task" : out
    }

    /// A value for a label: itself where it can be one, otherwise what is left of it with a digest.
    static func label(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
                true
            default: false
            }
        }
        let first = text.utf8.first.map { Character(Unicode.Scalar($0)) }
        let last = text.utf8.last.map { Character(Unicode.Scalar($0)) }
        let isFramed = [first, last].allSatisfy { $0.map { $0.isLetter || $0.isNumber } ?? false }
        if isPlain, isFramed, text.utf8.count <= 63 { return text }
        return slug(text, limit: 63 - 17) + "-" + digest(text)
    }

    /// 64 bits of FNV-1a, as 16 hexadecimal digits. It tells names apart and keeps no secret.
    private static func digest(_ text: String) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        // The last bytes of FNV change few bits; this spreads them.
        hash ^= hash >> 33
        hash = hash &* 0xff51_afd7_ed55_8ccd
        hash ^= hash >> 33
        let text = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - text.count) + text
    }
}
