import Diagnostics
import Documents

/// Shows an error to the person who caused it or can mend it.
enum ErrorPrinter {
    static func print(_ error: any Error) {
        let style = Style(for: .standardError)
        Output.write(style("Error:", .red) + " " + describe(error), to: .standardError)
    }

    /// The whole report, without secrets.
    static func describe(_ error: any Error) -> String {
        if let error = error as? any UserFacingError { return error.description }
        if error is CancellationError { return "cancelled" }
        return "\(error)"
    }

    /// 2 where the command line or the project's files are wrong, 1 where work failed.
    static func exitStatus(of error: any Error) -> Int32 {
        guard let error = error as? any UserFacingError else { return 1 }
        let prefix = error.code.split(separator: ".").first ?? ""
        return ["project", "document", "pipeline", "schedule"].contains(prefix) ? 2 : 1
    }
}
