/// A line that a program has written, without its end, or a piece of one that is long.
package struct OutputLine: Sendable, Hashable {
    package let text: String
    /// Whether it came on standard error.
    package let isError: Bool
    /// Whether the next line of the same stream is the rest of this one.
    package let goesOn: Bool

    /// Longer lines come in pieces, so that memory does not depend on what a program writes. In bytes.
    package static let longest = 64 << 10

    package init(_ text: String, isError: Bool = false, goesOn: Bool = false) {
        self.text = text
        self.isError = isError
        self.goesOn = goesOn
    }

    /// - Parameter bytes: as they were written; the carriage return of Windows' line ends goes.
    init(_ bytes: ArraySlice<UInt8>, isError: Bool, goesOn: Bool) {
        let text = !goesOn && bytes.last == UInt8(ascii: "\r") ? bytes.dropLast() : bytes
        self.init(String(decoding: text, as: UTF8.self), isError: isError, goesOn: goesOn)
    }
}
