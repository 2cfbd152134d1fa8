package import Diagnostics
package import Documents

/// Which warnings fail an invocation, and which are not even shown: `--warn-error` and `--warn-error-options`.
///
/// A name says more than `Deprecations`, and that more than `all`; among equals silence comes before warning, and warning
/// before failing.
package struct WarningPolicy: Sendable {
    package enum Verdict: Sendable, Hashable {
        case error, warn, silence
    }

    private var isEverythingAnError = false
    private var failsOnAll = false
    private var errors: Set<String> = []
    private var warnings: Set<String> = []
    private var silenced: Set<String> = []
    /// Which of the old keys the options use.
    private var oldKeys: [String] = []

    /// - Parameters:
    ///   - warnError: every warning is an error.
    ///   - options: `error` (a list, or `all`), `warn` and `silence`; formerly `include` and `exclude`.
    /// - Throws: ``TransformError`` for keys and names that there are not.
    package init(warnError: Bool, options: JSON.Members) throws(TransformError) {
        isEverythingAnError = warnError
        for (old, new) in [("include", "error"), ("exclude", "warn")] where options[old] != nil {
            oldKeys.append(old)
            if let value = options[new], !value.isNull, value != [] {
                throw TransformError(
                    .project, "Only `\(old)` or `\(new)` can be specified in `warn_error_options`, not both")
            }
        }
        let known = ["error", "warn", "silence", "include", "exclude"]
        for key in options.keys where !known.contains(key) {
            throw TransformError(
                .project, "`warn_error_options` has no key '\(key)'",
                hint: Suggestion.hint(for: key, in: known) ?? "it has error, warn and silence")
        }
        if let text = (options["error"] ?? options["include"])?.string {
            guard text == "all" || text == "*" else {
                throw TransformError(.project, "`error` of `warn_error_options` must be 'all', '*' or a list of names")
            }
            failsOnAll = true
        } else {
            errors = try Self.names(options["error"] ?? options["include"])
        }
        warnings = try Self.names(options["warn"] ?? options["exclude"])
        silenced = try Self.names(options["silence"])
        let mentionsDeprecations = errors.union(silenced).contains(EventNames.deprecations)
        guard warnings.isEmpty || failsOnAll || mentionsDeprecations else {
            throw TransformError(
                .project, "`warn` can only be specified if `error` is 'all' or Deprecations is in `error` or `silence`")
        }
    }

    private static func names(_ value: JSON?) throws(TransformError) -> Set<String> {
        let names = Set(NodeConfig.strings(value))
        guard let unknown = names.sorted().first(where: { !EventNames.all.contains($0) }) else { return names }
        throw TransformError(
            .project, "\(unknown) is not a valid dbt error name.",
            hint: Suggestion.hint(for: unknown, in: EventNames.all.sorted()))
    }

    /// What becomes of a warning.
    ///
    /// - Parameter isOptional: it is Leat's own, where dbt is silent: only its own name makes it an error.
    package func verdict(on event: WarningEvent, isOptional: Bool = false) -> Verdict {
        if silenced.contains(event.name) { return isEverythingAnError ? .error : .silence }
        if isOptional { return errors.contains(event.name) ? .error : .warn }
        if isEverythingAnError { return .error }
        if warnings.contains(event.name) { return .warn }
        if errors.contains(event.name) { return .error }
        if event.isDeprecation {
            if silenced.contains(EventNames.deprecations) { return .silence }
            if warnings.contains(EventNames.deprecations) { return .warn }
            if errors.contains(EventNames.deprecations) { return .error }
        }
        return failsOnAll ? .error : .warn
    }

    /// What to say of the spelling of the options; nil where there is nothing.
    package var deprecation: String? {
        guard !oldKeys.isEmpty else { return nil }
        let found = oldKeys.map { "`\($0)`" }.joined(separator: " and ")
        let advice = oldKeys.map { "Please use `\($0 == "include" ? "error" : "warn")` instead of `\($0)`." }
        return "Found \(found) in `warn_error_options` specification. " + advice.joined(separator: " ")
    }

    /// Fails, shows or hides a warning.
    ///
    /// - Throws: ``TransformError`` with the code `transform.warning` where it is an error.
    package func report(
        _ event: WarningEvent, _ message: String, at location: SourceLocation? = nil, hint: String? = nil,
        isOptional: Bool = false, show: (LogMessage) -> Void
    ) throws(TransformError) {
        switch verdict(on: event, isOptional: isOptional) {
        case .silence: return
        case .error: throw TransformError(.warning, message, location: location, hint: hint)
        case .warn:
            var text = message
            if let hint { text += " (\(hint))" }
            if let location { text += " at \(location)" }
            var line = LogMessage(.warn, text)
            line.event = event
            show(line)
        }
    }
}
