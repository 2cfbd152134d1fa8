import Foundation

/// Whole lines to standard output and standard error.
enum Output {
    enum Stream: Sendable {
        case standardOutput, standardError

        var descriptor: Int32 {
            switch self {
            case .standardOutput: 1
            case .standardError: 2
            }
        }

        /// Whether a person looks at it.
        var isTerminal: Bool { isatty(descriptor) == 1 }
    }

    /// Writes `text` and a line end, unless it has one.
    static func write(_ text: String, to stream: Stream = .standardOutput) {
        raw(text.hasSuffix("\n") ? text : text + "\n", to: stream)
    }

    /// Writes exactly `text`. What cannot be written (a closed pipe) is dropped: nobody reads it.
    static func raw(_ text: String, to stream: Stream = .standardOutput) {
        let bytes = Array(text.utf8)
        var offset = 0
        while offset < bytes.count {
            let written = bytes.withUnsafeBytes { buffer in
                Foundation.write(stream.descriptor, buffer.baseAddress.map { $0 + offset }, buffer.count - offset)
            }
            if written < 0 && errno == EINTR { continue }
            if written <= 0 { return }
            offset += written
        }
    }

    /// Columns of the terminal; 80 where there is none.
    static var width: Int { size.ws_col > 0 ? Int(size.ws_col) : 80 }

    /// Lines of the terminal; 24 where there is none.
    static var height: Int { size.ws_row > 0 ? Int(size.ws_row) : 24 }

    private static var size: winsize {
        var size = winsize()
        _ = ioctl(Stream.standardOutput.descriptor, UInt(TIOCGWINSZ), &size)
        return size
    }
}
