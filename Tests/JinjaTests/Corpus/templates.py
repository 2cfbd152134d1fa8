"""Cases about several templates: include, import, extends, blocks."""

FILES = {
    "plain": "plain text {{ x }}",
    "loop": "{{ i }}{{ loop.index }}",
    "macros": "{% macro hi(n) %}hi {{ n }}{% endmacro %}{% macro ctx() %}[{{ x }}]{% endmacro %}{% set exported = 'exp' %}{% set _private = 1 %}body",
    "macros2": "{% import 'macros' as m %}{% macro wrap(a) %}<{{ m.hi(a) }}>{% endmacro %}{% macro called() %}({{ caller(1) }}){% endmacro %}",
    "base": "start {% block a %}base a{% endblock %} {% block b %}base b {{ x }}{% endblock %} end",
    "child": "{% extends 'base' %}ignored{% block a %}child a{% endblock %}",
    "super": "{% extends 'base' %}{% block a %}[{{ super() }}]{% endblock %}",
    "grand": "{% extends 'super' %}{% block a %}<{{ super() }}>{% endblock %}{% block b %}g{% endblock %}",
    "required": "{% block r required %}{% endblock %}",
    "required_child": "{% extends 'required' %}{% block r %}ok{% endblock %}",
    "required_grand": "{% extends 'required_child' %}",
    "scoped": "{% for i in [1, 2] %}{% block item scoped %}{{ i }}{% endblock %}{% endfor %}",
    "unscoped": "{% for i in [1, 2] %}{% block item %}{{ i }}{% endblock %}{% endfor %}",
    "looped": "{% for i in [1, 2] %}{% block item scoped %}{{ loop.index }}{% endblock %}{% endfor %}",
    "selfref": "{% block t %}T{% endblock %}-{{ self.t() }}",
    "broken": "{% if %}",
    "failing": "ok\n{{ 1 / 0 }}",
    "setter": "{% set y = 5 %}{{ y }}",
    "layout": "{% set v = 'base' %}{% block c %}{{ v }}{% endblock %}",
    "layout_child": "{% extends 'layout' %}{% set v = 'child' %}{% block c %}{{ v }}{{ super() }}{% endblock %}",
    "self_include": "{% if n > 0 %}{{ n }}{% set n = n - 1 %}{% include 'self_include' %}{% endif %}",
    "dyn_a": "A{% block x %}{% endblock %}",
    "nested": "{% block outer %}o{% block inner %}i{% endblock %}o{% endblock %}",
}


def case(template, context=None, options=None):
    return (template, context or {}, options or {}, FILES)


TOPICS = {
    "includes": [
        case("{% include 'plain' %}", {"x": 1}), case("{% include 'plain' without context %}|", {"x": 1}), case("{% set x = 2 %}{% include 'plain' %}", {"x": 1}), case("{% include 'missing' %}"), case("{% include 'missing' ignore missing %}|"), case("{% include ['missing', 'plain'] %}", {"x": 3}), case("{% include ['m1', 'm2'] %}"), case("{% include ['m1', 'm2'] ignore missing %}|"), case("{% include [] %}"), case("{% include name %}", {"name": "plain"}), case("{% include 'pl' ~ 'ain' %}"), case("{% for i in [1, 2] %}{% include 'loop' %}{% endfor %}"), case("{% for i in [1, 2] %}{{ loop.index }}{% include 'loop' %}{% endfor %}"), case("{% for x in [1, 2] %}{% include 'plain' %};{% endfor %}"), case("{% include 'setter' %}{{ y }}|"), case("{% include 'broken' %}"), case("{% include 'failing' %}"), case("{% macro m(x) %}{% include 'plain' %}{% endmacro %}{{ m('arg') }}"), case("{% with x = 'w' %}{% include 'plain' %}{% endwith %}"), case("{% include 'self_include' %}", {"n": 3}), case("{% include 'child' %}|{% include 'grand' %}", {"x": 1}), case("{% include missing %}"), case("{% include 'plain' with context %}", {"x": 4}), case("{% include 'missing' ignore missing with context %}|"), case("{% set t %}{% include 'plain' %}{% endset %}[{{ t }}]", {"x": 5}), case("{% include 5 %}"), case("{% include none %}"),
        "{% include x %}", "{% include x ignore missing %}", "{% import x as y %}", "{% from x import y %}", "{% extends x %}", "{% include [] %}", "{% include [x] %}", "{% include [x, 'a'] ignore missing %}",
        case("{% include [missing, 'plain'] %}"), case("{% include missing ignore missing %}"), case("{% extends missing %}"), case("{% import missing as m %}"),
    ],
    "imports": [
        case("{% import 'macros' as m %}{{ m.hi('x') }} {{ m.exported }} {{ m._private }}|{{ m.nope }}|{{ m }}"), case("{% from 'macros' import hi, exported as e %}{{ hi(1) }}{{ e }}"), case("{% from 'macros' import nope %}{{ nope }}|"), case("{% from 'macros' import nope %}{{ nope() }}"), case("{% import 'macros' as m %}{{ m.ctx() }}", {"x": 1}), case("{% import 'macros' as m with context %}{{ m.ctx() }}", {"x": 1}), case("{% from 'macros' import ctx with context %}{{ ctx() }}", {"x": 1}), case("{% from 'macros' import ctx without context %}{{ ctx() }}", {"x": 1}), case("{% set x = 7 %}{% from 'macros' import ctx with context %}{{ ctx() }}", {"x": 1}), case("{% from 'macros2' import wrap %}{{ wrap('z') }}"), case("{% from 'macros2' import called %}{% call(n) called() %}c{{ n }}{% endcall %}"), case("{% import 'macros2' as m2 %}{{ m2.m }}|"), case("{% import 'missing' as m %}"), case("{% from 'missing' import a %}"), case("{% from 'macros' import _private %}"), case("{% from 'macros' import hi as a, hi as b %}{{ a(1) }}{{ b(2) }}"), case("{% from 'macros' import hi, %}{{ hi(1) }}"), case("{% macro t() %}{% from 'macros' import hi %}{{ hi(2) }}{% endmacro %}{{ t() }}{{ hi is defined }}"), case("{% for i in [1] %}{% import 'macros' as m %}{{ m.hi(i) }}{% endfor %}{{ m is defined }}"), case("{% import name as m %}{{ m.hi(1) }}", {"name": "macros"}), case("{% from 'macros' import hi %}{{ ['a', 'b'] | map('upper') | join }}{{ hi('x') | upper }}"), case("{% import 'broken' as b %}"), case("{% import 'plain' as p %}[{{ p }}]", {"x": 1}),
    ],
    "inheritance": [
        case("{% extends 'base' %}", {"x": 1}), case("{% include 'child' %}", {"x": 1}), case("{% extends 'child' %}"), case("{% extends 'super' %}"), case("{% extends 'grand' %}"), case("{% extends 'base' %}{% block a %}{{ super() }}{{ super() }}{% endblock %}"), case("{% extends 'base' %}{% block zz %}never{% endblock %}x"), case("before{% extends 'base' %}after"), case("{% extends 'missing' %}"), case("{% extends parent %}{% block a %}d{% endblock %}", {"parent": "base"}), case("{% extends 'base' %}{% extends 'base' %}"), case("{% if c %}{% extends 'base' %}{% endif %}own{% block a %}mine{% endblock %}", {"c": True}), case("{% if c %}{% extends 'base' %}{% endif %}own{% block a %}mine{% endblock %}", {"c": False}), case("{% for i in [1] %}{% extends 'base' %}{% endfor %}"), case("{% extends 'required' %}"), case("{% include 'required' %}"), case("{% extends 'required' %}{% block r %}given{% endblock %}"), case("{% extends 'required_grand' %}"), case("{% block r required %}text{% endblock %}"), case("{% block r required %}  {# c #}\n{% endblock %}"), case("{% extends 'scoped' %}{% block item %}<{{ i }}>{% endblock %}"), case("{% include 'scoped' %}|{% include 'unscoped' %}"), case("{% extends 'looped' %}{% block item %}<{{ loop.index }}{{ super() }}>{% endblock %}"), case("{% include 'selfref' %}"), case("{% extends 'selfref' %}{% block t %}new{% endblock %}"), case("{% extends 'layout' %}{% block c %}{{ v }}{% endblock %}"), case("{% include 'layout_child' %}"), case("{% extends 'nested' %}{% block inner %}X{% endblock %}"), case("{% extends 'nested' %}{% block outer %}Y{{ super() }}{% endblock %}"), case("{% block a %}{% set x = 1 %}{{ x }}{% endblock %}{{ x }}|"), case("{% set x = 1 %}{% block a %}{{ x }}{% endblock %}"), case("{% block a %}{{ super() }}{% endblock %}"), case("{% extends 'base' %}{% macro m() %}M{% endmacro %}{% block a %}{{ m() }}{% endblock %}"), case("{% extends 'base' %}{% import 'macros' as m %}{% block a %}{{ m.hi(1) }}{% endblock %}"), case("{% block a %}1{% endblock %}{% block a %}2{% endblock %}"), case("{% block a %}x{% endblock a %}"), case("{% extends 'dyn_a' %}{% block x %}{% for i in [1, 2] %}{{ i }}{% endfor %}{{ self.x is defined }}{% endblock %}"), case("{% extends 'base' %}{% block a %}{{ super.super() }}{% endblock %}"), case("{% extends 'super' %}{% block a %}{{ super.super() }}{% endblock %}"), case("{% if false %}{% block q %}hidden{% endblock %}{% endif %}{{ self.q() }}"), case("{% extends 'base' %}{% set y = 2 %}{% block a %}{{ y }}{% endblock %}"), case("{% macro m() %}{% block inm %}b{% endblock %}{% endmacro %}{{ m() }}"),
    ],
    "escaping": [
        ("{% autoescape true %}{% block a %}{{ '<' }}{{ x }}{% endblock %}{% endautoescape %}", {"x": "<"}),
        ("{% macro m(x) %}{{ x }}{{ '<' ~ x }}{% endmacro %}{% autoescape true %}{{ m('<') }}|{{ '<' ~ m('<') }}{% endautoescape %}|{{ m('<') }}"),
        ("{% macro m() %}{{ caller() }}{% endmacro %}{% autoescape true %}{% call m() %}<{{ '<' }}{{ x }}{% endcall %}{% endautoescape %}", {"x": "<"}),
        ("{% autoescape true %}{% macro m(x) %}{{ x }}{% endmacro %}{{ m('<') }}{{ m('<') ~ '<' }}{% endautoescape %}"),
        ("{% autoescape true %}{% set m %}<{% endset %}{{ m }}{% endautoescape %}{{ m }}{{ m|e }}"),
        ("{% autoescape true %}{% include 'i' %}{% import 'i' as i %}{{ i.mm('<') }}{{ '<' }}{% endautoescape %}",
         {"x": "<"}, None, {"i": "{{ '<' }}{% macro mm(z) %}{{ z }}{% endmacro %}"}),
        ("{% autoescape true %}{% for c in ['<', '&'] recursive %}{{ c }}{% endfor %}{% endautoescape %}"),
        ("{% autoescape y %}{{ '<' }}{{ x }}{% endautoescape %}{{ '<' }}", {"x": "<", "y": True}),
        ("{% autoescape y %}{{ '<' }}{{ x }}{% endautoescape %}{{ '<' }}", {"x": "<", "y": False}),
        *[("{% autoescape y %}{{ '<' }}{{ x }}{{ 1 < 2 }}{{ ['<', ('>',)] }}{{ '<' ~ '>' }}{{ '<' + '>' }}{{ ('<' | safe) }}{{ '<' | upper }}&{% print '<', x %}"
           "{% autoescape " + inner + " %}{{ '<' }}{{ x }}{{ '<' ~ x }}{% endautoescape %}{{ '<' }}{% endautoescape %}{{ '<' }}{{ x }}",
           {"x": "<", "y": y}, {"autoescape": static})
          for inner in ("true", "false", "y", "not y", "1 < 2") for y in (True, False) for static in ("1", "0")],
        *[("{% autoescape y %}{% block a %}{{ '<' }}{{ x }}{{ '<' | upper }}{% autoescape false %}{{ '<' }}{{ x }}{% endautoescape %}{% endblock %}{% macro m() %}{{ '<' }}{{ x }}{% endmacro %}{{ m() }}{{ m() ~ '<' }}{% endautoescape %}{{ m() }}",
           {"x": "<", "y": y}, {"autoescape": static})
          for y in (True, False) for static in ("1", "0")],
        ("{% autoescape false %}{{ '<' ~ 1 }}{% endautoescape %}{{ '<' ~ 1 }}{{ 1.5 }}{{ none }}{{ ['<'] }}", None, {"autoescape": "1"}),
        "{{ '&lt;b&gt; &amp; &eacute; &hellip; &nbsp;x &Auml; &euro; &#8364; &#x20ac; &rarr; &notin; &notit; &copy &copyx &nosuch; &' | striptags }}",
        "{{ ('&AElig;&thetasym;&NotEqualTilde;&fjlig;&#0;&#128;&#x81;&#xD800;&#x110000;&#11;&#xFFFF;&#xFDD0;&#12'|safe).unescape() }}|",
        "{{ 'Straße'.casefold() }} {{ 'ΣΊΣΥΦΟΣ'.casefold() }} {{ 'ıİſµ'.casefold() }} {{ 'ﬁ'.casefold() }}",
        "{{ '{a.b}'.format(a={'b': 1}) }}",
        "{{ '{a.x}'.format(a=namespace(x=3)) }}",
        "{{ '{a[b]}'.format(a={'b': 1}) }}",
    ],
}
