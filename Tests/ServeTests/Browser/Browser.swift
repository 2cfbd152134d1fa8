import Documents
import Foundation
import Processes
import TestSupport

/// A real browser without a window: Chromium, driven by its chromedriver over the WebDriver protocol (W3C).
final class Browser: Sendable {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private let driver: SpawnedProcess
    private let port: Int
    private let session: String

    /// Whether this machine has a browser to drive.
    static var isInstalled: Bool { path(of: "chromedriver") != nil && (path(of: "chromium") ?? path(of: "google-chrome")) != nil }

    private static func path(of program: String) -> String? {
        ["/usr/bin/", "/usr/local/bin/", "/opt/homebrew/bin/"].map { $0 + program }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// Starts a browser with a window of the given size.
    init(width: Int = 1280, height: Int = 900, isDark: Bool = false) async throws {
        let port = try TestCluster.freePort()
        // Whatever it says nobody reads.
        driver = try SpawnedProcess(
            ["/bin/sh", "-c", "exec \"$0\" \"$@\" >/dev/null 2>&1", Self.path(of: "chromedriver") ?? "", "--port=\(port)"])
        self.port = port
        let options: JSON = [
            "binary": .string(Self.path(of: "chromium") ?? Self.path(of: "google-chrome") ?? ""),
            "args": .array(
                ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars"]
                    .map { .string($0) }),
        ]
        let wanted: JSON = [
            "capabilities": [
                "alwaysMatch": ["browserName": "chrome", "goog:chromeOptions": options, "goog:loggingPrefs": ["browser": "ALL"]]
            ]
        ]
        var answer: JSON?
        for attempt in 0..<100 where answer == nil {
            do {
                answer = try await Self.send("POST", port: port, "/session", wanted)
            } catch is PlainHTTP.Failure where attempt < 99 {
                // The driver is not there yet.
                try await Task.sleep(for: .milliseconds(100))
            }
        }
        guard let id = answer?["sessionId"]?.string else {
            throw Failure(description: "the browser does not start: \(answer?.text() ?? "no answer")")
        }
        session = "/session/" + id
        try await show(width: width, height: height, isDark: isDark)
    }

    /// The size and the colours that pages see.
    private func show(width: Int, height: Int, isDark: Bool) async throws {
        let size: JSON = ["width": .int(width), "height": .int(height), "deviceScaleFactor": 1, "mobile": false]
        try await developerTool("Emulation.setDeviceMetricsOverride", size)
        let scheme: JSON = ["name": "prefers-color-scheme", "value": .string(isDark ? "dark" : "light")]
        try await developerTool("Emulation.setEmulatedMedia", ["features": [scheme]])
    }

    /// The same browser as if it were a new one: nobody is logged in, nothing was complained of.
    func fresh(width: Int = 1280, height: Int = 900, isDark: Bool = false) async throws -> Browser {
        try await open("about:blank")
        try await developerTool("Network.clearBrowserCookies", [:])
        try await show(width: width, height: height, isDark: isDark)
        _ = try await complaints()
        return self
    }

    func quit() async {
        _ = try? await Self.send("DELETE", port: port, session, nil)
        driver.group.send(SIGKILL)
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async { [driver] in
                _ = driver.group.reap()
                for pipe in [driver.output, driver.errors] { close(pipe) }
                continuation.resume()
            }
        }
    }

    /// A command of Chromium's developer tools.
    private func developerTool(_ name: String, _ parameters: JSON) async throws {
        try await command("goog/cdp/execute", ["cmd": .string(name), "params": parameters])
    }

    func open(_ address: String) async throws { try await command("url", ["url": .string(address)]) }

    /// What a script gives back.
    @discardableResult
    func run(_ script: String) async throws -> JSON {
        try await command("execute/sync", ["script": .string(script), "args": []])
    }

    func click(_ selector: String) async throws { try await command("element/\(try await element(selector))/click", [:]) }

    func type(_ text: String, into selector: String) async throws {
        let id = try await element(selector)
        try await command("element/\(id)/clear", [:])
        try await command("element/\(id)/value", ["text": .string(text)])
    }

    /// Presses keys, one after the other, wherever the focus is. Source of the codes of those without a letter: W3C WebDriver.
    func press(_ keys: String) async throws {
        let strokes = keys.flatMap { key -> [JSON] in
            ["keyDown", "keyUp"].map { ["type": .string($0), "value": .string(String(key))] }
        }
        try await command("actions", ["actions": [["type": "key", "id": "keyboard", "actions": .array(strokes)]]])
    }

    /// The text that a person sees on the page.
    func text() async throws -> String { try await run("return document.body.innerText").string ?? "" }

    /// Waits until a script gives true, as long as a person would.
    func wait(for script: String, seconds: Int = 120) async throws {
        for _ in 0..<(seconds * 10) {
            if try await run("return Boolean(\(script))").bool == true { return }
            try await Task.sleep(for: .milliseconds(100))
        }
        throw Failure(description: "it never came true: \(script)\n\(try await text().prefix(2000))")
    }

    /// A picture of the window, PNG.
    func screenshot() async throws -> Data {
        let text = try await command("screenshot", nil).string ?? ""
        guard let data = Data(base64Encoded: text) else { throw Failure(description: "no picture") }
        return data
    }

    /// What scripts and the content policy have complained of.
    func complaints() async throws -> [String] {
        // Chromium's advice on forms is no complaint.
        let entries = try await command("se/log", ["type": "browser"]).array ?? []
        return entries.filter { $0["level"] != "DEBUG" }.compactMap { $0["message"]?.string }
    }

    private func element(_ selector: String) async throws -> String {
        for _ in 0..<50 {
            if let found = try? await command("element", ["using": "css selector", "value": .string(selector)]),
                let id = found.object?.entries.first?.value.string
            {
                return id
            }
            try await Task.sleep(for: .milliseconds(100))
        }
        throw Failure(description: "there is no \(selector)\n\(try await text().prefix(2000))")
    }

    @discardableResult
    private func command(_ path: String, _ body: JSON?) async throws -> JSON {
        try await Self.send(body == nil ? "GET" : "POST", port: port, "\(session)/\(path)", body)
    }

    private static func send(_ method: String, port: Int, _ path: String, _ body: JSON?) async throws -> JSON {
        let (status, bytes) = try await PlainHTTP.send(method, port: port, path: path, body: body?.bytes() ?? [])
        let value = try JSON(parsing: bytes)["value"] ?? .null
        guard status == 200 else { throw Failure(description: value["message"]?.string ?? "the driver failed") }
        return value
    }
}
