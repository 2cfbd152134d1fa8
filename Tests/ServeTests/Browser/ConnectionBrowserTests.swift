import Documents
import Foundation
import Orchestrate
import Postgres
import Project
import TestSupport
import Testing

@testable import Serve

extension BrowserTests {
    @Test("a source and a connection are added by forms, tested, synced, and shown with what they moved")
    func connection() async throws {
        try await ShopSite.withSite { site, database in
            let scheduler = Task {
                let project = try LeatProject.load(from: site.folder)
                let read = { @Sendable in try LeatProject.load(from: site.folder) }
                try await ProjectScheduler(project, read: read).run()
            }
            let browser = try await Browser.current.fresh()
            try await browser.logIn(to: site, as: .editor)
            try await browser.open(site.base + "/sources/new")
            try await browser.click("a[href$='connector=postgres']")
            try await browser.type("second shop", into: "#name")
            try await browser.run("for (const part of document.querySelectorAll('details.more')) part.open = true")
            for (name, text) in ShopSite.config(database) where name != "password" {
                try await browser.type(text, into: "[name='p.\(name)']")
            }
            // A wrong password first: the test says so, and what was typed stays.
            try await browser.type("no such password", into: "[name='p.password']")
            try await browser.click("button[formaction='/sources/test']")
            try await browser.wait(for: "document.querySelector('.notice.bad')")
            #expect(try await browser.run("return document.querySelector('#name').value").string == "second shop")
            #expect(
                !(try await browser.run("return document.documentElement.outerHTML").string ?? "").contains("no such password"))
            try await browser.type(database.options.password ?? "", into: "[name='p.password']")
            try await browser.run("for (const part of document.querySelectorAll('details.more')) part.open = true")
            try await browser.type("shop", into: "[name='p.schemas']")
            try await browser.click("button[formaction='/sources/test']")
            try await browser.wait(for: "document.querySelector('.notice:not(.bad)')?.innerText.includes('It answers')")
            try await browser.type(database.options.password ?? "", into: "[name='p.password']")
            try await browser.click("#connector button.primary")
            try await browser.wait(for: "location.pathname === '/sources/second%20shop'")
            #expect(!(try await browser.text().contains(database.options.password ?? "?")))

            try await browser.open(site.base + "/connections/new?source=second%20shop&destination=warehouse")
            try await browser.type("Second orders", into: "#name")
            try await browser.click("[name='s0.on']")
            try await browser.run(
                "document.querySelector('#namespace').value = 'custom_format'; document.querySelector('#format').value = 'second'"
            )
            try await browser.click("form button.primary")
            try await browser.wait(for: "document.querySelector('h1')?.textContent === 'Second orders'")
            try await browser.click("form[action$='/sync'] button")
            try await browser.wait(for: "document.querySelectorAll('#tasks .s-success').length === 1")
            try await browser.open(site.base + "/connections/Second%20orders")
            try await browser.wait(for: "document.querySelector('svg .stream-0')")
            #expect(try await browser.text().contains("shop.orders"))
            let rows = try await database.connect().query("select count(*)::text from second.orders")
            #expect(rows[0][0].string == "3")

            // The form to change it holds what there is; what is not typed again, such as the password, stays.
            try await browser.open(site.base + "/sources/second%20shop/edit")
            #expect(try await browser.run("return document.querySelector(\"[name='p.schemas']\").value").string == "shop")
            #expect(try await browser.run("return document.querySelector(\"[name='p.password']\").value").string == "")
            try await browser.click("#connector button.primary")
            try await browser.wait(for: "location.pathname === '/sources/second%20shop'")
            try await browser.click("form[action$='/test'] button")
            try await browser.wait(for: "document.querySelector('.notice:not(.bad)')?.innerText.includes('It answers')")

            // A reset says what goes, and goes its way as a run.
            try await browser.open(site.base + "/connections/Second%20orders")
            try await browser.click("a[href$='/reset']")
            try await browser.wait(for: "document.querySelector('#panel')?.innerText.includes('and with it how far it was read')")
            try await browser.click("#panel [name=action][value=refresh]")
            try await browser.click("#panel button.danger")
            try await browser.wait(
                for: "location.pathname.includes('/runs/') && document.querySelectorAll('#tasks .s-success').length === 1")
            let again = try await database.connect().query("select count(*)::text from second.orders")
            #expect(again[0][0].string == "3")

            try await browser.open(site.base + "/connections/Second%20orders/edit")
            #expect(try await browser.run("return document.querySelector(\"[name='s0.on']\").checked").bool == true)
            #expect(try await browser.run("return document.querySelector('#format').value").string == "second")
            try await browser.type("x_", into: "#prefix")
            try await browser.click(".actions.end button.primary")
            try await browser.wait(for: "location.pathname === '/connections/Second%20orders'")
            #expect(try await browser.text().contains("x_"))
            // What was changed holds for a sync that follows at once.
            try await browser.click("form[action$='/sync'] button")
            try await browser.wait(
                for: "location.pathname.includes('/runs/') && document.querySelectorAll('#tasks .s-success').length === 1")
            let changed = try await database.connect().query("select count(*)::text from second.x_orders")
            #expect(changed[0][0].string == "3")

            let complaints = try await browser.complaints()
            #expect(complaints.isEmpty, "\(complaints)")
            scheduler.cancel()
            _ = await scheduler.result
        }
    }
}
