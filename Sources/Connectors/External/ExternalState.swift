import Documents
import Records

/// The state of one stream of an external source.
struct ExternalState {
    private let stream: StreamDescriptor
    /// The last state message, with what concerns other streams left out.
    private(set) var json: JSON?

    init(_ stream: StreamDescriptor) { self.stream = stream }

    /// Takes the state of a STATE message.
    /// - Returns: whether it concerns the stream.
    mutating func take(_ state: JSON) -> Bool {
        switch state["type"]?.string ?? "LEGACY" {
        case "STREAM":
            guard isOurs(state["stream"]) else { return false }
            json = ["type": "STREAM", "stream": state["stream"] ?? .null]
        case "GLOBAL":
            let ours = (state["global"]?["stream_states"]?.array ?? []).filter(isOurs)
            json = [
                "type": "GLOBAL",
                "global": ["shared_state": state["global"]?["shared_state"] ?? .null, "stream_states": .array(ours)],
            ]
        default: json = ["type": "LEGACY", "data": state["data"] ?? .null]
        }
        return true
    }

    private func isOurs(_ stream: JSON?) -> Bool {
        let descriptor = stream?["stream_descriptor"]
        guard descriptor?["name"]?.string == self.stream.name else { return false }
        return descriptor?["namespace"]?.string == nil || descriptor?["namespace"]?.string == self.stream.namespace
    }

    /// What the option `--state` wants of a kept state: a list of messages, or the bare data of old sources.
    static func messages(of state: JSON) -> JSON {
        state["type"] == "LEGACY" ? state["data"] ?? [] : .array([state])
    }
}
