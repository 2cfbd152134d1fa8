import Diagnostics
import Documents

/// Shows an error to the person who caused it or can mend it.
enum ErrorPrinter {
    /// - Parameter json: whether standard output is read by a program, which then hears of it too.
    static func print(_ error: any Error, json: Bool = false) {
        if json { Output.write(object(of: error).text()) }
        let style = Style(for: .standardError)
        Output.write(style("Error:", .red) + " " + describe(error), to: .standardError)
    }

    /// The whole report, without secrets.
    static func describe(_ error: any Error) -> String {
        if let error = error as? any UserFacingError { return error.description }
        if error is CancellationError { return "cancelled" }
        return "\(error)"
    }

    /// The line of JSON that ends a run which could not begin.
    private static func object(of error: any Error) -> JSON {
        let report = error as? any UserFacingError
        return [
            "event": "error", "code": report.map { .string($0.code) } ?? .null,
            "message": .string(report?.message ?? describe(error)),
            "details": .array((report?.details ?? []).map { .string($0) }),
            "location": report?.location.map { .string($0.description) } ?? .null,
            "hint": report?.hint.map { .string($0) } ?? .null,
        ]
    }

    /// 2 where the command line or the project's files are wrong, 1 where work failed.
    static func exitStatus(of error: any Error) -> Int32 {
        guard let error = error as? any UserFacingError else { return 1 }
        if ["connector.unknown", "connector.configuration", "connector.unsupported"].contains(error.code) { return 2 }
        // A server that does not take a message is no mistake in leat.yml.
        if error.code == "project.notification" { return 1 }
        let prefix = error.code.split(separator: ".").first ?? ""
        return ["project", "document", "pipeline", "schedule"].contains(prefix) ? 2 : 1
    }
}
