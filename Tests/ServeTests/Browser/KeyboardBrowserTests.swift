import Documents
import Foundation
import Orchestrate
import Testing

@testable import Serve

extension BrowserTests {
    private static let pages = [
        "/", "/pipelines", "/pipelines/hourly", "/pipelines/hourly?view=graph", "/runs", "/connections",
        "/sources/new?connector=postgres",
        "/models", "/lineage", "/query", "/admin/variables", "/admin/users",
    ]

    @Test("the keyboard reaches everything in the order of the page, and one sees where it is")
    func keyboard() async throws {
        let site = try await TestSite.start(leatYML: Self.project)
        _ = try await site.addRun("one", tasks: [("first", .success), ("second", .failed)])
        let browser = try await Browser.current.fresh()
        try await browser.logIn(to: site, as: .admin)
        try await browser.open(site.base + "/pipelines")
        try await browser.press("\u{E004}")
        #expect(try await browser.run("return document.activeElement.textContent").string == "Skip to content")
        try await browser.press("\u{E007}")
        #expect(try await browser.run("return location.hash").string == "#main")
        for path in Self.pages {
            try await browser.open(site.base + path)
            try await browser.wait(for: "!document.querySelector('[aria-busy]')")
            let unnamed = try await browser.run(Self.unnamedControls).array ?? []
            #expect(unnamed.isEmpty, "\(path): \(unnamed)")
            try await browser.run("window.seen = []")
            for _ in 0..<25 {
                try await browser.press("\u{E004}")
                try await browser.run("window.seen.push(document.activeElement)")
            }
            let faults = try await browser.run(Self.focusFaults).array ?? []
            #expect(faults.isEmpty, "\(path): \(faults)")
        }
        // The sheet of keys opens, names them, and closes; a key leads on, and none does while somebody types.
        try await browser.open(site.base + "/runs")
        try await browser.press("?")
        try await browser.wait(for: "document.getElementById('help').open")
        #expect(try await browser.text().contains("Search or filter on this page"))
        try await browser.press("\u{E00C}")
        try await browser.wait(for: "!document.getElementById('help').open")
        try await browser.press("g")
        try await browser.press("p")
        try await browser.wait(for: "location.pathname === '/pipelines'")
        try await browser.press("/")
        try await browser.press("gh?")
        #expect(try await browser.run("return document.activeElement.value").string == "gh?")
        #expect(try await browser.run("return location.pathname").string == "/pipelines")
        let complaints = try await browser.complaints()
        #expect(complaints.isEmpty, "\(complaints)")
        try await site.stop()
    }

    /// What has the focus must come in the order of the page until it begins anew, be seen, and show that it has it.
    private static let focusFaults = """
        const faults = [];
        let before = null;
        for (const node of window.seen) {
          if (node === document.body) { before = null; continue; }
          if (before && node !== before && !(before.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_FOLLOWING)
              && !node.classList.contains("skip")) faults.push("out of order: " + node.outerHTML.slice(0, 80));
          before = node.classList.contains("skip") ? null : node;
          const box = node.getBoundingClientRect();
          if (!box.width || !box.height) faults.push("not seen: " + node.outerHTML.slice(0, 80));
        }
        const last = window.seen.findLast((node) => node !== document.body);
        last.focus();
        if (last.matches(":focus-visible") && getComputedStyle(last).outlineStyle === "none") faults.push("no outline");
        return faults;
        """

    /// Controls that a reader of the page aloud could not name.
    private static let unnamedControls = """
        return [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea")].filter((node) => {
          if (node.closest("[hidden], dialog:not([open])")) return false;
          const words = node.getAttribute("aria-label") || node.title || node.textContent.trim()
            || (node.labels && [...node.labels].some((label) => label.textContent.trim()));
          return !words;
        }).map((node) => node.outerHTML.slice(0, 120));
        """
}
