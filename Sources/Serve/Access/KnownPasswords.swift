import Crypto
import Foundation
import Synchronization

/// Passwords that were right a short while ago, so that programs which send theirs with each request cost no hash each time.
///
/// Nothing of them is kept but a keyed hash, under a key of this process, over the password and the hash that it was right for: where
/// the user's password changes, the old one is unknown at once.
final class KnownPasswords: Sendable {
    private let key = SymmetricKey(size: .bits256)
    private let known = Mutex<[Data: ContinuousClock.Instant]>([:])

    private static let lifetime = Duration.seconds(300)
    private static let capacity = 1000

    func contains(_ password: String, for hash: String) -> Bool {
        let code = code(password, hash)
        return known.withLock { known in
            guard let since = known[code] else { return false }
            return since.duration(to: .now) < Self.lifetime
        }
    }

    func insert(_ password: String, for hash: String) {
        let code = code(password, hash)
        known.withLock { known in
            if known.count >= Self.capacity { known = known.filter { $0.value.duration(to: .now) < Self.lifetime } }
            if known.count >= Self.capacity { known = [:] }
            known[code] = .now
        }
    }

    private func code(_ password: String, _ hash: String) -> Data {
        Data(HMAC<SHA256>.authenticationCode(for: Data("\(hash)\u{0}\(password)".utf8), using: key))
    }
}
