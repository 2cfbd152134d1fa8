/// How a process ended.
package enum ExitStatus: Sendable, Hashable {
    case exited(Int32)
    case signalled(Int32)

    /// - Parameter waitStatus: as `waitpid` gives it.
    init(waitStatus: Int32) {
        let signal = waitStatus & 0x7F
        self = signal == 0 ? .exited((waitStatus >> 8) & 0xFF) : .signalled(signal)
    }

    /// As a shell has it: 128 and the number of the signal for a process that one has ended.
    package var code: Int32 {
        switch self {
        case .exited(let code): code
        case .signalled(let signal): 128 + signal
        }
    }
}
