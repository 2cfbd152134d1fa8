import Testing

@testable import Serve

/// Starts one browser for all tests of a suite, and ends it after the last of them.
struct WithBrowser: SuiteTrait, TestScoping {
    func provideScope(for test: Test, testCase: Test.Case?, performing function: @concurrent @Sendable () async throws -> Void)
        async throws
    {
        let browser = try await Browser()
        do {
            try await Browser.$shared.withValue(browser) { try await function() }
        } catch {
            await browser.quit()
            throw error
        }
        await browser.quit()
    }
}

extension Trait where Self == WithBrowser {
    static var withBrowser: Self { Self() }
}

extension Browser {
    @TaskLocal static var shared: Browser?

    /// The browser of the suite.
    static var current: Browser {
        get throws {
            guard let shared else { throw Failure(description: "the suite has no .withBrowser") }
            return shared
        }
    }

    /// Fills in the form of the login, which is shown.
    func fillLogin(as role: Role) async throws {
        try await type(role.rawValue, into: "input[name=name]")
        try await type(TestSite.password, into: "input[name=password]")
        try await click("button.primary")
    }

    func logIn(to site: TestSite, as role: Role) async throws {
        try await open(site.base + "/login")
        try await fillLogin(as: role)
        try await wait(for: "location.pathname === '/'")
    }
}
