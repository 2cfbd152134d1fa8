import Foundation

/// Colours, where a terminal shows them and NO_COLOR does not forbid them (https://no-color.org).
struct Style: Sendable {
    enum Colour: String {
        case red = "31"
        case green = "32"
        case yellow = "33"
        case blue = "34"
        case cyan = "36"
        case dim = "2"
        case bold = "1"
    }

    let isEnabled: Bool

    /// - Parameter stream: where the text goes.
    init(for stream: Output.Stream) {
        let environment = ProcessInfo.processInfo.environment
        isEnabled = stream.isTerminal && (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
    }

    init(isEnabled: Bool) { self.isEnabled = isEnabled }

    func callAsFunction(_ text: String, _ colour: Colour) -> String {
        isEnabled ? "\u{1B}[\(colour.rawValue)m\(text)\u{1B}[0m" : text
    }
}
