/// The containers around a value that is being printed, innermost first. It lies on the stack.
struct ContainerPath {
    private let container: ObjectIdentifier?
    private let outer: UnsafePointer<ContainerPath>?

    /// Calls `body` with the path that leads into a container; false where it leads there already, or where the stack ends.
    ///
    /// False as well after more bytes than any value may have: lists that hold the same list twice, level by level, have texts that no
    /// memory holds. Who prints them meets a limit.
    /// - Parameter count: how many bytes are written already.
    static func enter(
        _ container: AnyObject?, in outer: UnsafePointer<ContainerPath>?, after count: Int,
        _ body: (UnsafePointer<ContainerPath>) -> Void
    ) -> Bool {
        if count > 2 * Arithmetic.sizeLimit { return false }
        let identity = container.map { ObjectIdentifier($0) }
        // Whoever hands a path on waits for the call, so that all of them are still there.
        var next = outer
        while identity != nil, let path = next {
            if path.pointee.container == identity { return false }
            next = path.pointee.outer
        }
        if outer != nil && StackGuard().isExhausted { return false }
        withUnsafePointer(to: ContainerPath(container: identity, outer: outer), body)
        return true
    }
}
