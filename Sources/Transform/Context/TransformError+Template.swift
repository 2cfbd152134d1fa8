import Diagnostics
import Documents
import Jinja

extension TransformError {
    /// The error of a template, with its place, the source line and the macros that led there.
    ///
    /// Errors of this module and of the warehouse that passed through a template keep their own words.
    init(template error: any Error) {
        guard let failure = error as? TemplateError else {
            self = Self.converted(error)
            return
        }
        var result: TransformError
        if let underlying = failure.underlying {
            result = Self.converted(underlying)
        } else {
            result = TransformError(.compilation, failure.message)
            if failure.kind == .undefined, failure.message.hasPrefix("'"), failure.message.hasSuffix(" is undefined") {
                result.hint = "is it a macro that does not exist, or a package that is not installed ('leat dbt deps')?"
            }
        }
        if result.location == nil, failure.line > 0 {
            result.location = SourceLocation(file: failure.templateName ?? "template", line: failure.line, column: failure.column)
            if let line = failure.sourceLine {
                result.details.append(line)
                let indent = line.prefix(max(0, failure.column - 1)).map { $0 == "\t" ? "\t" : " " }.joined()
                result.details.append(indent + "^")
            }
        }
        result.details += failure.macroChain.map { "called by \($0)" }
        self = result
    }

    /// The error of a template that is a value of a YAML file.
    init(template error: any Error, inValueAt location: SourceLocation?) {
        self.init(template: error)
        if let location {
            self.location = location
            details.removeAll { $0.allSatisfy { $0 == " " || $0 == "^" } }
        }
    }

    private static func converted(_ error: any Error) -> TransformError {
        if let own = error as? TransformError { return own }
        if let other = error as? any UserFacingError {
            return TransformError(
                Code(rawValue: other.code), other.message, location: other.location, hint: other.hint, details: other.details)
        }
        return TransformError(.compilation, "\(error)")
    }
}

extension TransformError: TemplateErrorConvertible {
    package var templateMessage: String { message }
}
