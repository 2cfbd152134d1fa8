import Documents
import Foundation
import Transform

/// Takes a command line apart as dbt's does: options of the whole before or after the command, lists of words after one
/// option, variables of the environment for what is not given.
struct DbtArgumentsParser {
    private let environment: [String: String]
    private var rest: ArraySlice<String>
    private var result = DbtArguments()
    /// What errors call the command so far: `dbt docs`.
    private var name = "dbt"

    private init(_ words: [String], environment: [String: String]) {
        self.environment = environment
        rest = words[...]
        result.words = words
    }

    /// - Parameter words: what follows the program's name.
    /// - Throws: ``DbtUsageError``.
    static func parse(_ words: [String], environment: [String: String]) throws(DbtUsageError) -> DbtArguments {
        var parser = DbtArgumentsParser(words, environment: environment)
        return try parser.parse()
    }

    private mutating func parse() throws(DbtUsageError) -> DbtArguments {
        var options = DbtOption.global
        while let word = rest.popFirst() {
            if word == "--" { continue }
            if word.hasPrefix("-"), word.count > 1 {
                try take(word, options)
            } else if result.command == nil {
                try takeCommand(word)
                options = result.command?.options ?? DbtOption.global
            } else if result.positional == nil, result.command?.positional != nil {
                result.positional = word
            } else {
                throw failure("Got unexpected extra argument (\(word))")
            }
        }
        if result.given["help"] == nil, result.given["version"] == nil { try readEnvironment(options) }
        try checkEventTimes()
        return result
    }

    private mutating func takeCommand(_ word: String) throws(DbtUsageError) {
        guard let members = DbtCommand.groups[word] else {
            guard let command = DbtCommand(word: word) else {
                throw failure("No such command '\(word)'.\(suggestion(word))")
            }
            name += " " + word
            result.command = command
            return
        }
        name += " " + word
        // Options of the whole may stand between the two words.
        while let next = rest.first, next.hasPrefix("-") {
            rest.removeFirst()
            try take(next, DbtOption.global)
        }
        guard let second = rest.popFirst() else {
            if result.given["help"] != nil { return }
            throw failure("Missing command.")
        }
        guard let command = DbtCommand(word: word, second: second), members.contains(second) else {
            throw failure("No such command '\(second)'.")
        }
        name += " " + second
        result.command = command
    }

    private func suggestion(_ word: String) -> String {
        let names = DbtCommand.allCases.map(\.rawValue)
        return names.first { $0.hasPrefix(word.prefix(3)) && word.count > 2 }.map { " Did you mean '\($0)'?" } ?? ""
    }

    /// One option with its value: `--x v`, `--x=v`, `-xv`, or several short flags in one word.
    private mutating func take(_ word: String, _ options: [DbtOption]) throws(DbtUsageError) {
        var optionName = word
        var attached: String?
        if word.hasPrefix("--"), let equals = word.firstIndex(of: "=") {
            optionName = String(word[..<equals])
            attached = String(word[word.index(after: equals)...])
        } else if !word.hasPrefix("--"), word.count > 2 {
            optionName = String(word.prefix(2))
            attached = String(word.dropFirst(2))
        }
        guard let option = options.last(where: { $0.names.contains(optionName) || $0.off.contains(optionName) }) else {
            throw failure("No such option: \(optionName)")
        }
        if case .flag = option.kind {
            result.given[option.key] = .flag(option.names.contains(optionName))
            if let attached {
                guard !word.hasPrefix("--") else { throw failure("Option '\(optionName)' does not take a value.") }
                try take("-" + attached, options)
            }
            return
        }
        if case .words = option.kind { return try takeWords(option, attached) }
        if case .choices = option.kind { return try takeWords(option, attached) }
        guard let text = attached ?? rest.popFirst() else { throw failure("Option '\(optionName)' requires an argument.") }
        result.given[option.key] = try value(text, of: option)
    }

    private mutating func takeWords(_ option: DbtOption, _ attached: String?) throws(DbtUsageError) {
        var words: [String] = attached.map { [$0] } ?? []
        while let next = rest.first, !(next.hasPrefix("-") && next.count > 1) {
            words.append(next)
            rest.removeFirst()
        }
        guard !words.isEmpty else { throw failure("Option '\(option.names[0])' requires an argument.") }
        if case .words(let earlier)? = result.given[option.key] { words = earlier + words }
        if case .choices(let allowed) = option.kind {
            words = words.flatMap { $0.split(separator: " ").map(String.init) }
            for word in words where !allowed.contains(word) { throw notAChoice(word, allowed, option) }
        }
        result.given[option.key] = .words(words)
    }

    private func value(_ text: String, of option: DbtOption) throws(DbtUsageError) -> DbtArguments.Value {
        switch option.kind {
        case .flag:
            guard let value = Self.bool(text) else { throw invalid(option, "'\(text)' is not a valid boolean.") }
            return .flag(value)
        case .text: return .text(text)
        case .integer:
            guard let number = Int(text) else { throw invalid(option, "'\(text)' is not a valid integer.") }
            if option.key == "threads", number < 1 { throw invalid(option, "--threads must be at least 1.") }
            return .integer(number)
        case .choice(let allowed):
            guard let choice = allowed.first(where: { $0.lowercased() == text.lowercased() }) else {
                throw notAChoice(text, allowed, option)
            }
            return .text(choice)
        case .words, .choices: return .words(text.split(separator: " ").map(String.init))
        case .mapping: return .mapping(try mapping(text, option))
        case .folder:
            guard text == "" || FileManager.default.fileExists(atPath: text) else {
                throw invalid(option, "Path '\(text)' does not exist.")
            }
            return .text(text)
        case .moment:
            guard DateTimeStamp(parsing: text) != nil else {
                throw invalid(
                    option, "'\(text)' does not match the formats '%Y-%m-%d', '%Y-%m-%dT%H:%M:%S', '%Y-%m-%d %H:%M:%S'.")
            }
            return .text(text)
        }
    }

    /// The two ends of a window of time come together, the earlier first.
    private func checkEventTimes() throws(DbtUsageError) {
        let names = ["event_time_start": "--event-time-start", "event_time_end": "--event-time-end"]
        let start = result.text("event_time_start")
        let end = result.text("event_time_end")
        for (given, missing) in [("event_time_start", "event_time_end"), ("event_time_end", "event_time_start")] {
            guard result.text(given) != nil, result.text(missing) == nil else { continue }
            let (first, second) = (names[given] ?? "", names[missing] ?? "")
            throw failure(
                "The flag `\(first)` was specified, but `\(second)` was not. When specifying `\(first)`, `\(second)` must also be "
                    + "present.")
        }
        guard let start = start.flatMap(DateTimeStamp.init(parsing:)), let end = end.flatMap(DateTimeStamp.init(parsing:)),
            start.secondsSince1970 >= end.secondsSince1970
        else { return }
        throw failure("Value for `--event-time-start` must be less than `--event-time-end`")
    }

    private func mapping(_ text: String, _ option: DbtOption) throws(DbtUsageError) -> JSON.Members {
        let parsed: JSON?
        do {
            parsed = try YAMLDocument.parse(text, file: option.names[0])?.json
        } catch {
            throw invalid(option, "String '\(text)' is not valid YAML")
        }
        guard let parsed, !parsed.isNull else { return JSON.Members() }
        guard let members = parsed.object else {
            throw invalid(
                option, "The \(option.names[0]) argument must be a YAML dictionary, but was of type \(Self.type(of: parsed))")
        }
        return members
    }

    private static func type(of value: JSON) -> String {
        switch value {
        case .array: "list"
        case .string: "str"
        case .int: "int"
        case .double: "float"
        case .bool: "bool"
        default: "object"
        }
    }

    private mutating func readEnvironment(_ options: [DbtOption]) throws(DbtUsageError) {
        for option in options where result.given[option.key] == nil {
            for variable in option.environmentNames {
                guard let text = environment[variable], !text.isEmpty else { continue }
                result.fromEnvironment[option.key] = try value(text, of: option)
                break
            }
        }
    }

    private static func bool(_ text: String) -> Bool? {
        switch text.lowercased() {
        case "1", "true", "t", "yes", "y", "on": true
        case "0", "false", "f", "no", "n", "off": false
        default: nil
        }
    }

    private func notAChoice(_ text: String, _ allowed: [String], _ option: DbtOption) -> DbtUsageError {
        invalid(option, "'\(text)' is not one of \(allowed.map { "'\($0)'" }.joined(separator: ", ")).")
    }

    private func invalid(_ option: DbtOption, _ what: String) -> DbtUsageError {
        failure("Invalid value for \(option.displayName): \(what)")
    }

    private func failure(_ message: String) -> DbtUsageError { DbtUsageError(command: name, message: message) }
}
