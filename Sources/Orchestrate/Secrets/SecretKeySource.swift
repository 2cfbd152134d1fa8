import Foundation

/// Where the keys of stored values come from.
///
/// The first of these that is there: `LEAT_SECRET_KEY`, the file that `LEAT_SECRET_KEY_FILE` names, a file of the project's own.
/// Each may hold several keys (separated by commas, or one a line): the first encrypts, all decrypt, so that keys can be changed
/// without a moment in which something cannot be read. Files are read each time, so a process that runs on sees new keys.
package struct SecretKeySource: Sendable {
    package enum Place: Sendable, Hashable, CustomStringConvertible {
        /// The text of the environment's variable.
        case environment(String)
        /// A file that somebody else looks after.
        case file(String)
        /// The project's own file, which is made when it is first needed.
        case own(String)

        package var description: String {
            switch self {
            case .environment: SecretKeySource.variable
            case .file(let path): "\(SecretKeySource.fileVariable) (\(path))"
            case .own(let path): "'\(path)'"
            }
        }
    }

    package static let variable = "LEAT_SECRET_KEY"
    package static let fileVariable = "LEAT_SECRET_KEY_FILE"

    package let place: Place

    /// - Parameter ownFile: the file that is used, and made, where the environment names no keys.
    package init(environment: [String: String], ownFile: String) {
        if let text = environment[Self.variable], !text.isEmpty {
            place = .environment(text)
        } else if let path = environment[Self.fileVariable], !path.isEmpty {
            place = .file(path)
        } else {
            place = .own(ownFile)
        }
    }

    /// The keys, the one that encrypts first. Empty only where the project's own file is not there yet.
    /// - Throws: `OrchestrateError` with code `secret.bad_key` or `secret.no_key`.
    package func keys() throws(OrchestrateError) -> [SecretKey] {
        let text: String
        switch place {
        case .environment(let value): text = value
        case .file(let path):
            guard let content = try? String(contentsOfFile: path, encoding: .utf8) else {
                throw OrchestrateError(
                    .noKey, "the file of keys that \(Self.fileVariable) names cannot be read: '\(path)'",
                    hint: "mount it, or give this user the right to read it")
            }
            text = content
        case .own(let path):
            guard FileManager.default.fileExists(atPath: path) else { return [] }
            try checkRights(path)
            guard let content = try? String(contentsOfFile: path, encoding: .utf8) else {
                throw OrchestrateError(
                    .noKey, "the file of keys '\(path)' cannot be read", hint: "check who owns it")
            }
            text = content
        }
        var keys: [SecretKey] = []
        for part in text.split(whereSeparator: { $0 == "," || $0.isWhitespace }) {
            keys.append(try SecretKey(String(part), from: place.description))
        }
        guard !keys.isEmpty else {
            throw OrchestrateError(.badKey, "there is no key in \(place)", hint: "`leat secrets key` makes one")
        }
        return keys
    }

    /// The keys, with a first one made where the project's own file is not there yet.
    package func keysMakingFirst() throws(OrchestrateError) -> [SecretKey] {
        let known = try keys()
        guard known.isEmpty, case .own(let path) = place else { return known }
        let temporary = try written([SecretKey.random()], beside: path)
        defer { unlink(temporary) }
        // A link and not a rename: where another process was first, its key stays.
        guard link(temporary, path) == 0 || errno == EEXIST else { throw unwritable(path) }
        return try keys()
    }

    /// Replaces the project's own file.
    func replace(with keys: [SecretKey]) throws(OrchestrateError) {
        guard case .own(let path) = place else { return }
        let temporary = try written(keys, beside: path)
        guard rename(temporary, path) == 0 else {
            let error = unwritable(path)
            unlink(temporary)
            throw error
        }
    }

    /// A new file that only this user can read, in the folder of `path`.
    private func written(_ keys: [SecretKey], beside path: String) throws(OrchestrateError) -> String {
        let folder = (path as NSString).deletingLastPathComponent
        try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let temporary = "\(path).\(UUID().uuidString)"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw unwritable(path) }
        let bytes = Array((keys.map(\.text).joined(separator: "\n") + "\n").utf8)
        let isWritten = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) } == bytes.count
        guard isWritten, fsync(descriptor) == 0, close(descriptor) == 0 else {
            let error = unwritable(path)
            unlink(temporary)
            throw error
        }
        return temporary
    }

    private func checkRights(_ path: String) throws(OrchestrateError) {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        guard let rights = (attributes?[.posixPermissions] as? NSNumber)?.intValue, rights & 0o077 != 0 else { return }
        throw OrchestrateError(
            .badKey, "others may read the file of keys '\(path)'",
            hint: "chmod 600 '\(path)', and `leat secrets rotate` if somebody may have read it")
    }

    private func unwritable(_ path: String) -> OrchestrateError {
        OrchestrateError(
            .noKey, "the file of keys '\(path)' cannot be written: \(String(cString: strerror(errno)))",
            hint: "check who owns the folder, or set \(Self.variable)")
    }
}
