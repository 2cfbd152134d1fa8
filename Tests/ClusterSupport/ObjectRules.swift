package import Documents
import Kubernetes

/// What the API server checks of all objects.
package enum ObjectRules {
    /// Names are those of DNS: RFC 1123.
    static func check(_ key: ObjectStore.Key) throws {
        let isName = key.name.wholeMatch(of: /[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/) != nil
        guard isName, key.name.utf8.count <= 253 else {
            throw ObjectStore.Refusal(
                422, "Invalid",
                "\(key.resource) \"\(key.name)\" is invalid: metadata.name: Invalid value: \"\(key.name)\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.'"
            )
        }
    }

    /// Labels: 63 characters at the most, of a small alphabet.
    package static func check(labelsOf object: JSON, _ name: String) throws {
        for (key, value) in object.at("metadata", "labels")?.texts ?? [:] {
            guard value.utf8.count <= 63, value.wholeMatch(of: /(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?/) != nil else {
                throw ObjectStore.Refusal(
                    422, "Invalid", "Pod \"\(name)\" is invalid: metadata.labels: Invalid value: \"\(value)\" of \(key)")
            }
        }
    }

    /// What a pod must have to be one.
    package static func check(pod: JSON, _ name: String) throws {
        try check(labelsOf: pod, name)
        let containers = pod.at("spec", "containers")?.array ?? []
        guard !containers.isEmpty else {
            throw ObjectStore.Refusal(422, "Invalid", "Pod \"\(name)\" is invalid: spec.containers: Required value")
        }
        for container in containers where (container["image"]?.string ?? "").isEmpty {
            throw ObjectStore.Refusal(422, "Invalid", "Pod \"\(name)\" is invalid: spec.containers[0].image: Required value")
        }
    }

    /// Whether an object matches a label selector of equalities and existences.
    package static func matches(_ object: JSON, labels selector: String) -> Bool {
        let labels = object.at("metadata", "labels")?.texts ?? [:]
        return selector.split(separator: ",").allSatisfy { term in
            if let range = term.firstRange(of: "!=") {
                return labels[String(term[..<range.lowerBound])] != String(term[range.upperBound...])
            }
            if let range = term.firstRange(of: "==") ?? term.firstRange(of: "=") {
                return labels[String(term[..<range.lowerBound])] == String(term[range.upperBound...])
            }
            if term.hasPrefix("!") { return labels[String(term.dropFirst())] == nil }
            return labels[String(term)] != nil
        }
    }

    package static func matches(_ object: JSON, fields selector: String) -> Bool {
        selector.split(separator: ",").allSatisfy { term in
            guard let range = term.firstRange(of: "=") else { return false }
            var value: JSON? = object
            for key in term[..<range.lowerBound].split(separator: ".") { value = value?[String(key)] }
            return value?.string == String(term[range.upperBound...])
        }
    }
}
