/// The page of `docs generate`: shows manifest.json and catalog.json, which lie beside it.
enum DocumentationPage {
    /// The page with both files in it, which needs no server.
    static func html(manifest: [UInt8], catalog: [UInt8]) -> [UInt8] {
        var page: [UInt8] = []
        let parts = html.split(separator: marker, maxSplits: 1)
        page += Array((parts.first ?? "").utf8)
        page += Array("<script>window.documents = {\"manifest.json\": ".utf8)
        append(manifest, to: &page)
        page += Array(", \"catalog.json\": ".utf8)
        append(catalog, to: &page)
        page += Array("}</script>\n<script>".utf8)
        page += Array((parts.last ?? "").utf8)
        return page
    }

    private static let marker = "<script>"

    /// JSON within a script: `</` would end it.
    private static func append(_ json: [UInt8], to page: inout [UInt8]) {
        page.reserveCapacity(page.count + json.count)
        for (index, byte) in json.enumerated() {
            if byte == UInt8(ascii: "/"), index > 0, json[index - 1] == UInt8(ascii: "<") { page.append(UInt8(ascii: "\\")) }
            page.append(byte)
        }
    }

    static let html = #"""
        <!doctype html>
        <html lang="en">
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Documentation</title>
        <style>
        body { font: 15px/1.5 system-ui, sans-serif; margin: 0; display: grid; grid-template-columns: 20rem 1fr; height: 100vh }
        nav { overflow: auto; border-right: 1px solid #ddd; padding: 1rem }
        nav a { display: block; color: #234; text-decoration: none; padding: .1rem .3rem; border-radius: .2rem }
        nav a.chosen { background: #e4eef8 }
        nav input { width: 100%; box-sizing: border-box; padding: .3rem }
        main { overflow: auto; padding: 1rem 2rem }
        table { border-collapse: collapse; width: 100% } th, td { text-align: left; padding: .25rem .6rem; border-bottom: 1px solid #eee }
        pre { background: #f6f8fa; padding: .8rem; overflow: auto } h3 { margin-top: 1.6rem } .kind { color: #789 }
        </style>
        <nav><input id="search" placeholder="Search" autofocus><div id="list"></div></nav>
        <main id="page">Loading …</main>
        <script>
        const escape = text => String(text ?? "").replace(/[&<>"]/g, c => ({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}[c]));
        const load = async name => { if (window.documents) return documents[name]; const answer = await fetch(name); return answer.ok ? answer.json() : {} };
        Promise.all([load("manifest.json"), load("catalog.json")]).then(([manifest, catalog]) => {
          const all = {...manifest.sources, ...manifest.nodes, ...manifest.functions, ...manifest.exposures};
          const shown = Object.values(all).filter(n => !["test", "operation"].includes(n.resource_type));
          shown.sort((a, b) => a.resource_type.localeCompare(b.resource_type) || a.name.localeCompare(b.name));
          const link = id => all[id] ? `<a href="#${escape(id)}">${escape(all[id].name)}</a>` : escape(id);
          const links = ids => (ids || []).map(link).join(", ") || "–";
          const list = () => {
            const wanted = document.getElementById("search").value.toLowerCase();
            document.getElementById("list").innerHTML = shown.filter(n => n.unique_id.toLowerCase().includes(wanted)).map(n =>
              `<a href="#${escape(n.unique_id)}" class="${location.hash.slice(1) === n.unique_id ? "chosen" : ""}">` +
              `<span class="kind">${escape(n.resource_type)}</span> ${escape(n.name)}</a>`).join("");
          };
          const page = () => {
            const node = all[decodeURIComponent(location.hash.slice(1))] || shown[0];
            if (!node) { document.getElementById("page").textContent = "Nothing to show"; return }
            const found = (catalog.nodes || {})[node.unique_id] || (catalog.sources || {})[node.unique_id] || {};
            const columns = {...node.columns};
            for (const [name, column] of Object.entries(found.columns || {})) columns[name] = {...column, ...columns[name], type: column.type};
            const rows = Object.values(columns).map(c =>
              `<tr><td>${escape(c.name)}</td><td>${escape(c.type || c.data_type)}</td><td>${escape(c.description || c.comment)}</td></tr>`);
            document.getElementById("page").innerHTML =
              `<h1>${escape(node.name)} <span class="kind">${escape(node.resource_type)}</span></h1><p>${escape(node.description)}</p>` +
              `<p>${escape(node.relation_name)} ${escape((found.metadata || {}).type)}</p>` +
              `<p>Needs: ${links((manifest.parent_map || {})[node.unique_id])}<br>Needed by: ${links((manifest.child_map || {})[node.unique_id])}</p>` +
              (rows.length ? `<h3>Columns</h3><table><tr><th>Name<th>Type<th>Description</tr>${rows.join("")}</table>` : "") +
              (node.raw_code ? `<h3>Code</h3><pre>${escape(node.raw_code)}</pre>` : "") +
              (node.compiled_code ? `<h3>Compiled</h3><pre>${escape(node.compiled_code)}</pre>` : "");
          };
          const show = () => { list(); page() };
          addEventListener("hashchange", show);
          document.getElementById("search").addEventListener("input", list);
          show();
        });
        </script>
        </html>
        """#
}
