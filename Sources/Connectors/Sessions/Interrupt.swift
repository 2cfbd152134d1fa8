/// Stops what a session does, from another thread.
package struct Interrupt: Sendable {
    /// Asks the other side to stop the statement under way; the session can be used on. May block.
    package let cancel: @Sendable () -> Void
    /// Breaks the session off, for another side that does not answer.
    package let abort: @Sendable () -> Void

    package init(cancel: @escaping @Sendable () -> Void, abort: @escaping @Sendable () -> Void) {
        self.cancel = cancel
        self.abort = abort
    }
}
