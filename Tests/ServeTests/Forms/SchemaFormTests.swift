import Documents
import Jinja
import Testing

@testable import Serve

@Suite("Forms made from a JSON Schema")
struct SchemaFormTests {
    /// As connectors write it: order, groups, secrets, several forms of one value.
    static let connector: JSON = [
        "type": "object", "required": ["host", "tunnel"],
        "groups": [["id": "where", "title": "Where it is"]],
        "properties": [
            "port": ["type": "integer", "minimum": 1, "maximum": 65536, "default": 5432, "order": 1, "group": "where"],
            "host": [
                "type": "string", "order": 0, "group": "where", "pattern": "^[a-z.]+$",
                "description": "See <a href=\"https://example.com\">the <b>manual</b></a>.",
            ],
            "password": ["type": "string", "airbyte_secret": true, "order": 2],
            "schemas": ["type": "array", "items": ["type": "string"], "order": 3],
            "ssl": ["type": "boolean", "default": true, "order": 4],
            "tunnel": [
                "type": "object", "order": 5,
                "oneOf": [
                    ["title": "None", "required": ["method"], "properties": ["method": ["type": "string", "const": "NONE"]]],
                    [
                        "title": "SSH", "required": ["method", "user"],
                        "properties": [
                            "method": ["type": "string", "const": "SSH"], "user": ["type": "string"],
                            "key": ["type": "string", "airbyte_secret": true],
                        ],
                    ],
                ],
            ],
        ],
    ]

    private func read(_ text: String, _ schema: JSON = connector, stored: JSON? = nil) -> (JSON, [String: String]) {
        let read = SchemaForm(schema, prefix: "p").read(FormFields(parsing: text), stored: stored)
        return (read.value, read.problems)
    }

    @Test("values keep their types, and what is left out is not there")
    func types() {
        let (value, problems) = read("p.host=db.local&p.port=5433&p.schemas=a%0D%0A+b+%0A&p.ssl=on&p.tunnel=0&p.password=")
        #expect(problems.isEmpty, "\(problems)")
        #expect(
            value == ["host": "db.local", "port": 5433, "schemas": ["a", "b"], "ssl": true, "tunnel": ["method": "NONE"]])
    }

    @Test("of several forms only the chosen one counts, whatever stands in the others")
    func oneOf() {
        let (value, problems) = read("p.host=db&p.tunnel=1&p.tunnel~1.user=me&p.tunnel~0.x=y")
        #expect(problems.isEmpty, "\(problems)")
        #expect(value["tunnel"] == ["method": "SSH", "user": "me"])
        #expect(value["ssl"] == false, "a box that is not ticked says no")
        #expect(read("p.host=db&p.tunnel=1").1 == ["p.tunnel~1.user": "is missing"])
    }

    @Test(
        "what cannot be taken is said beside its field",
        arguments: [
            ("p.tunnel=0", ["p.host": "is missing"]),
            ("p.host=db&p.tunnel=0&p.port=abc", ["p.port": "must be a whole number, not 'abc'"]),
            ("p.host=db&p.tunnel=0&p.port=0", ["p.port": "must be at least 1, not 0"]),
            ("p.host=DB&p.tunnel=0", ["p.host": "must match ^[a-z.]+$, which 'DB' does not"]),
            ("p.host=db&p.tunnel=", ["p.tunnel": "is missing"]),
        ])
    func problems(text: String, expected: [String: String]) {
        #expect(read(text).1 == expected)
    }

    @Test("a secret is never shown, and stays where none is typed")
    func secrets() throws {
        let stored: JSON = [
            "host": "db", "password": "hidden one", "tunnel": ["method": "SSH", "user": "me", "key": "hidden two"],
        ]
        let form = SchemaForm(Self.connector, prefix: "p")
        let shown = "\(form.value(SchemaField.Filling(current: stored)))"
        #expect(!shown.contains("hidden"))
        let typed = FormFields(parsing: "p.host=db&p.password=hidden+three&p.tunnel=1&p.port=x")
        #expect(!"\(form.value(SchemaField.Filling(current: stored, typed: typed)))".contains("hidden"))
        let (value, _) = read("p.host=db&p.password=&p.tunnel=1&p.tunnel~1.user=me&p.tunnel~1.key=", stored: stored)
        #expect(value["password"] == "hidden one")
        #expect(value["tunnel"]?["key"] == "hidden two")
        // Another form of the value does not get the secrets of the one before.
        let (other, _) = read("p.host=db&p.tunnel=0", stored: stored)
        #expect(other["tunnel"] == ["method": "NONE"])
    }

    @Test("a group that need not be there is left out while nobody has touched it, and whole once somebody has")
    func groups() {
        let schema: JSON = [
            "properties": [
                "tls": [
                    "type": "object", "required": ["mode"],
                    "properties": [
                        "mode": ["type": "string", "enum": ["off", "on"]], "strict": ["type": "boolean", "default": false],
                    ],
                ]
            ]
        ]
        let untouched = read("p.tls.mode=", schema)
        #expect(untouched.0.object?.isEmpty == true)
        #expect(untouched.1.isEmpty)
        let chosen = read("p.tls.mode=on", schema)
        #expect(chosen.0 == ["tls": ["mode": "on", "strict": false]])
        #expect(chosen.1.isEmpty)
        #expect(read("p.tls.mode=&p.tls.strict=on", schema).1 == ["p.tls.mode": "is missing"])
    }

    @Test("descriptions lose their markup, fields have their order and groups")
    func order() {
        let form = SchemaForm(Self.connector, prefix: "p")
        #expect(form.fields.map(\.key) == ["host", "port", "password", "schemas", "ssl", "tunnel"])
        #expect(form.fields[0].hint == "See the manual.")
    }

    @Test("dates, enums, numbers, lists and objects of parameters are read as what they are")
    func parameters() {
        let schema: JSON = [
            "properties": [
                "day": ["type": "string", "format": "date"], "mode": ["enum": ["full", "fast", 3]],
                "ratio": ["type": "number", "exclusiveMinimum": 0], "days": ["type": "array", "items": ["type": "integer"]],
                "filter": ["type": "object"], "note": ["type": "string", "default": "none"],
                "colours": ["type": "array", "items": ["enum": ["red", "blue"]]], "maybe": ["type": "boolean"],
            ]
        ]
        let (value, problems) = read(
            "p.day=2030-01-31&p.mode=3&p.ratio=0.5&p.days=1%0A2&p.filter=%7B%22a%22%3A%5B1%5D%7D&p.note=&p.colours=blue&p.maybe=",
            schema)
        #expect(problems.isEmpty, "\(problems)")
        #expect(
            value == [
                "day": "2030-01-31", "mode": 3, "ratio": 0.5, "days": [1, 2], "filter": ["a": [1]], "note": "",
                "colours": ["blue"],
            ])
        let (_, wrong) = read("p.day=31.01.2030&p.mode=slow&p.ratio=0&p.days=1%0Ax&p.filter=%7B", schema)
        #expect(wrong.keys.sorted() == ["p.day", "p.days", "p.filter", "p.mode", "p.ratio"])
    }
}
