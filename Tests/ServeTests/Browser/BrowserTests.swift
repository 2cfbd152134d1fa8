import Documents
import Foundation
import Orchestrate
import Project
import Services
import TestSupport
import Testing

@testable import Serve

@Suite(
    "In a browser", .enabled(if: Browser.isInstalled, "chromium and chromedriver are not installed"), .serialized,
    .withBrowser)
struct BrowserTests {
    static let project = """
        name: waterworks
        version: 1
        pipelines:
          hourly:
            schedule: {cron: "0 * * * *"}
            start_date: 2030-01-01
            tasks:
              first: {empty: true}
              second: {empty: true, after: [first]}
        """

    @Test("log in, run a pipeline, watch it become green, look at its graph, and log out")
    func journey() async throws {
        let site = try await TestSite.start(leatYML: Self.project)
        let scheduler = Task {
            let project = try LeatProject.load(from: site.folder)
            try await ProjectScheduler(project, read: { project }).run()
        }
        let browser = try await Browser.current.fresh()
        try await browser.open(site.base + "/pipelines/hourly")
        try await browser.fillLogin(as: .operator)
        try await browser.wait(for: "document.querySelector('h1').textContent === 'hourly'")

        try await browser.click("a[data-panel][href$='/trigger']")
        try await browser.type("because a test wants it", into: "#panel input[name=note]")
        try await browser.click("#panel button.primary")
        // Without anybody loading the page again.
        try await browser.wait(for: "document.querySelectorAll('#tasks .s-success').length === 2")
        #expect(try await browser.text().contains("because a test wants it"))

        try await browser.run("location.search = '?view=graph'")
        try await browser.wait(for: "document.querySelectorAll('.drawing a .card').length === 2")
        try await browser.run("document.body.dispatchEvent(new KeyboardEvent('keydown', {key: '?', bubbles: true}))")
        #expect(try await browser.run("return document.getElementById('help').open").bool == true)
        try await browser.run("document.getElementById('help').close()")
        let complaints = try await browser.complaints()
        #expect(complaints.isEmpty, "\(complaints)")

        try await browser.click("form[action='/logout'] button")
        try await browser.wait(for: "document.querySelector('input[name=password]')")
        scheduler.cancel()
        _ = await scheduler.result
        try await site.stop()
    }

    @Test("a failed task is found, its log read and searched, and it runs again from the page")
    func failure() async throws {
        let site = try await TestSite.start(
            leatYML: """
                name: waterworks
                version: 1
                pipelines:
                  valves:
                    tasks:
                      open: {command: "test -e key && echo open || { echo the valve is stuck >&2; exit 3; }"}
                      pour: {empty: true, after: [open]}
                """)
        let scheduler = Task {
            let project = try LeatProject.load(from: site.folder)
            try await ProjectScheduler(project, read: { project }).run()
        }
        let browser = try await Browser.current.fresh()
        try await browser.logIn(to: site, as: .operator)
        try await browser.open(site.base + "/pipelines/valves")
        try await browser.click("a[data-panel][href$='/trigger']")
        try await browser.click("#panel button.primary")
        try await browser.wait(
            for: "document.querySelector('#tasks .s-failed') && document.querySelector('#tasks .s-upstream_failed')")

        try await browser.click("#tasks a[href$='/tasks/open']")
        try await browser.wait(for: "document.querySelector('#log')?.innerText.includes('the valve is stuck')")
        #expect(try await browser.text().contains("exit code 3"))
        try await browser.type("stuck", into: "[data-log-search]")
        try await browser.wait(for: "document.querySelectorAll('#log .at').length === 1")

        try Data().write(to: URL(filePath: site.folder + "/key"))
        // The dialog says first how many tasks it would touch, and follows what is chosen.
        try await browser.click("a[data-panel][href*='/clear?']")
        try await browser.wait(for: "document.querySelector('#panel')?.innerText.includes('2 tasks')")
        try await browser.click("#panel input[name=downstream]")
        try await browser.wait(for: "document.querySelector('#panel')?.innerText.includes('1 task runs again')")
        try await browser.click("#panel input[name=downstream]")
        try await browser.wait(for: "document.querySelector('#panel button.primary')?.innerText === 'Run 2 tasks again'")
        try await browser.click("#panel button.primary")
        try await browser.wait(for: "document.querySelectorAll('#tasks .s-success').length === 2")
        let complaints = try await browser.complaints()
        #expect(complaints.isEmpty, "\(complaints)")
        scheduler.cancel()
        _ = await scheduler.result
        try await site.stop()
    }

    @Test("a run's data is found again: its lineage is drawn and selected, its model documented, its rows asked for")
    func data() async throws {
        try await ShopSite.withSite { site, _ in
            let project = try LeatProject.load(from: site.folder)
            let run = try await PipelineRun.prepare(pipeline: "nightly", of: project).start { _ in }
            #expect(run.state == .success)
            let browser = try await Browser.current.fresh()
            try await browser.logIn(to: site, as: .operator)
            try await browser.wait(for: "document.querySelector('#health')?.innerText.includes('fresh')")
            #expect(try await browser.text().contains("revenue"))

            try await browser.open(site.base + "/lineage")
            try await browser.wait(for: "document.querySelectorAll('.canvas a .card').length === 5")
            try await browser.run(
                "[...document.querySelectorAll('.canvas a')].find((a) => a.textContent.includes('revenue')).dispatchEvent("
                    + "new MouseEvent('click', {bubbles: true, cancelable: true}))")
            try await browser.wait(
                for: "document.querySelector('#drawer')?.innerText.includes('What each <b>customer</b> has paid.')")
            try await browser.open(site.base + "/lineage?select=%2Btag:staging")
            try await browser.wait(for: "document.querySelectorAll('.canvas a .card').length === 4")

            try await browser.open(site.base + "/models?q=customer")
            try await browser.click("td a[href*='revenue']")
            try await browser.wait(for: "document.querySelector('h1').textContent === 'revenue'")
            let text = try await browser.text()
            #expect(text.contains("numeric") && text.contains("unique_revenue_customer"), "types of the warehouse, and tests")
            #expect(text.contains("Compiled code") && text.contains("\"marts\".\"stg_orders\""))

            try await browser.click("a[href^='/query?sql=']")
            try await browser.wait(for: "document.querySelector('#sql')?.value.includes('revenue')")
            try await browser.click("#query button.primary")
            try await browser.wait(for: "document.querySelectorAll('table.grid tbody tr').length === 2")
            #expect(try await browser.text().contains("121.50"))
            let complaints = try await browser.complaints()
            #expect(complaints.isEmpty, "\(complaints)")
        }
    }

    @Test("pages fit a telephone and a large screen, and light and dark have contrast enough")
    func layout() async throws {
        let site = try await TestSite.start(leatYML: Self.project)
        let run = try await site.addRun("one", state: .failed, tasks: [("first", .success), ("second", .failed)])
        for (width, isDark) in [(360, false), (1920, true)] {
            let browser = try await Browser.current.fresh(width: width, isDark: isDark)
            try await browser.logIn(to: site, as: .admin)
            for path in [
                "/", "/pipelines", "/pipelines/hourly", "/pipelines/hourly/trigger", "/pipelines/hourly/backfill",
                Paths.run(run.id), "\(Paths.run(run.id))/clear", "/query", "/connections", "/sources/new?connector=postgres",
                "/models", "/lineage", "/admin/users",
                "/admin/variables", "/admin/secrets", "/admin/connections", "/admin/pools", "/admin/audit",
                "/admin/configuration",
            ] {
                try await browser.open(site.base + path)
                let overflow = try await browser.run("return document.documentElement.scrollWidth - innerWidth").int ?? 0
                #expect(overflow <= 0, "\(path) is \(overflow) points too wide at \(width)")
                let pale = try await browser.run(Self.paleTexts).array ?? []
                #expect(pale.isEmpty, "\(path) \(isDark ? "dark" : "light"): \(pale.prefix(5))")
            }
        }
        try await site.stop()
    }

    /// The texts whose contrast with what is behind them is below 4.5 (WCAG 2 AA).
    private static let paleTexts = """
        const parse = (text) => (text.match(/[\\d.]+/g) || [0, 0, 0, 0]).map(Number);
        const light = ([r, g, b]) => [r, g, b].map((c) => (c /= 255) <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
          .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
        const behind = (node) => {
          for (; node; node = node.parentElement) {
            const color = parse(getComputedStyle(node).backgroundColor);
            if (color.length < 4 || color[3] === 1) return color;
          }
          return [255, 255, 255];
        };
        const pale = [];
        for (const node of document.querySelectorAll("main *, header *")) {
          const own = [...node.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim());
          if (!own || node.closest("svg") || node.closest(".hide") || node.disabled) continue;
          const a = light(parse(getComputedStyle(node).color)), b = light(behind(node));
          const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
          if (ratio < 4.5) pale.push(node.textContent.trim().slice(0, 30) + " " + ratio.toFixed(2));
        }
        return pale;
        """
}
