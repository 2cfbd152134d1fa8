package import Documents

/// A request to the API server, and what it is about for people.
package struct APIRequest: Sendable {
    package enum Method: String, Sendable { case get = "GET", post = "POST", put = "PUT", patch = "PATCH", delete = "DELETE" }

    package var method: Method
    /// From the root, such as `/api/v1/namespaces/jobs/pods`.
    package var path: String
    package var query: [(name: String, value: String)] = []
    package var body: JSON?
    package var contentType = "application/json"
    package var accept = "application/json"
    /// Kubernetes' own word for what is done: `create`, `watch`, `deletecollection`.
    package var verb: String
    /// `pods`, `pods/log`.
    package var resource: String
    package var namespace: String?
    /// The object that it is about.
    package var name: String?

    package init(_ method: Method, _ path: String, verb: String, resource: String, namespace: String? = nil, name: String? = nil)
    {
        self.method = method
        self.path = path
        self.verb = verb
        self.resource = resource
        self.namespace = namespace
        self.name = name
    }

    /// `create pods in namespace 'jobs'`, for errors.
    var words: String {
        verb + " " + resource + (name.map { " '\($0)'" } ?? "") + (namespace.map { " in namespace '\($0)'" } ?? "")
    }

    /// The path with its query, encoded.
    var target: String {
        guard !query.isEmpty else { return path }
        return path + "?" + query.map { Self.encoded($0.name) + "=" + Self.encoded($0.value) }.joined(separator: "&")
    }

    /// A part of a path or query; all that RFC 3986 does not leave alone is escaped.
    static func encoded(_ text: String) -> String {
        var out: [UInt8] = []
        let digits = Array("0123456789ABCDEF".utf8)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
                out.append(byte)
            default: out += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: out, as: UTF8.self)
    }
}
