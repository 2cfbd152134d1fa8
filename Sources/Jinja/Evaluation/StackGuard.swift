/// Tells when the thread's stack is nearly used up, so that deep recursion becomes an error and not a crash.
struct StackGuard {
    private let limit: UInt

    /// The guard of the calling thread.
    init(reserve: UInt = 96 * 1024) {
        let lowest = Mathematics.stackLimit()
        limit = lowest == 0 ? 0 : lowest + reserve
    }

    /// Whether fewer bytes than the reserve are left.
    var isExhausted: Bool {
        var marker: UInt8 = 0
        return withUnsafeMutablePointer(to: &marker) { UInt(bitPattern: $0) } < limit
    }
}
