"""Reads metrics with Prometheus' own parser and prints each sample."""

import sys

from prometheus_client.parser import text_string_to_metric_families

families = list(text_string_to_metric_families(sys.stdin.read() if len(sys.argv) < 2 else open(sys.argv[1]).read()))
names = [family.name for family in families]
assert len(names) == len(set(names)), names
for family in families:
    assert family.documentation and family.type != "unknown", family
    for sample in family.samples:
        print(family.type, sample.name, sorted(sample.labels.items()), sample.value)
