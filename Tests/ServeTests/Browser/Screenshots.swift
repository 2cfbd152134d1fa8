import Foundation
import Testing

/// What `make screenshots` says of the server and of where the pictures go.
private enum Order {
    static let environment = ProcessInfo.processInfo.environment
    static let site = environment["LEAT_SCREENSHOTS_OF"]
}

/// Not a test: pictures of the pages of a server that runs, for the documentation. `make screenshots` calls it.
@Suite(
    "Screenshots", .enabled(if: Order.site != nil && Browser.isInstalled, "made by `make screenshots` only"), .serialized)
struct Screenshots {
    @Test("of each page, at two widths, light and dark")
    func pictures() async throws {
        let site = try #require(Order.site)
        let folder = try #require(Order.environment["LEAT_SCREENSHOTS_TO"])
        let password = try #require(Order.environment["LEAT_SCREENSHOTS_PASSWORD"])
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for (width, height, isDark) in [(1280, 800, false), (1280, 800, true), (390, 844, false), (390, 844, true)] {
            let browser = try await Browser(width: width, height: height, isDark: isDark)
            try await browser.open(site + "/login")
            try await browser.type("pictures", into: "input[name=name]")
            try await browser.type(password, into: "input[name=password]")
            try await browser.click("button.primary")
            try await browser.wait(for: "location.pathname === '/'")
            let sql =
                "select service, count(*) as projects, sum(revenue) as revenue from marts.project_engagement group by 1 order by 3 desc"
            let query = sql.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
            let pages = [
                ("home", "/"), ("pipelines", "/pipelines"), ("graph", "/pipelines/transformations?view=graph"),
                ("grid", "/pipelines/transformations"), ("gantt", "/pipelines/transformations?view=gantt"),
                ("lineage", "/lineage"), ("query", "/query?sql=\(query)"), ("connections", "/connections"),
                ("connection", "/connections/Clients"), ("model", "/models/model.superside.project_engagement"),
            ]
            for (name, path) in pages {
                try await browser.open(site + path)
                if name == "query" {
                    try await browser.click("main button.primary")
                    try await browser.wait(for: "document.querySelector('table.grid')")
                }
                if name == "home" { try await browser.wait(for: "!document.querySelector('[aria-busy]')") }
                // Drawings are laid out by a script once the page is there.
                try await browser.wait(for: "document.readyState === 'complete'")
                let picture = try await browser.screenshot()
                #expect(picture.count > 5000, "\(name) is not empty")
                let file = "\(folder)/\(name)-\(width)-\(isDark ? "dark" : "light").png"
                try picture.write(to: URL(filePath: file))
            }
            await browser.quit()
        }
    }
}
