#!/usr/bin/env python3
"""Reads the artifacts in a dbt target folder with other programs' eyes, and says which of them cannot be read.

    scripts/check-artifacts.py TARGET [--dbt]

Each of manifest.json, run_results.json, catalog.json and sources.json is validated by dbt-artifacts-parser; with --dbt also read
by dbt-core's own loader, and semantic_manifest.json by the library of the semantic layer that dbt-core uses. Ends with 0 where
all that is there can be read, and prints a line for each.
"""

import argparse
import json
import pathlib
import sys

from dbt_artifacts_parser import parser as artifacts

ARTIFACTS = {
    "manifest.json": artifacts.parse_manifest,
    "run_results.json": artifacts.parse_run_results,
    "catalog.json": artifacts.parse_catalog,
    "sources.json": artifacts.parse_sources,
}


def dbt_loaders():
    from dbt.artifacts.schemas.catalog import CatalogArtifact
    from dbt.artifacts.schemas.freshness import FreshnessExecutionResultArtifact
    from dbt.artifacts.schemas.manifest import WritableManifest
    from dbt.artifacts.schemas.run import RunResultsArtifact

    return {
        "manifest.json": WritableManifest.read_and_check_versions,
        "run_results.json": RunResultsArtifact.read_and_check_versions,
        "catalog.json": CatalogArtifact.read_and_check_versions,
        "sources.json": FreshnessExecutionResultArtifact.read_and_check_versions,
        "semantic_manifest.json": semantics,
    }


def semantics(path):
    from metricflow_semantic_interfaces.implementations.semantic_manifest import PydanticSemanticManifest

    PydanticSemanticManifest.parse_raw(pathlib.Path(path).read_text())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("target", type=pathlib.Path)
    parser.add_argument("--dbt", action="store_true", help="also with dbt-core's own loader, which must be installed")
    options = parser.parse_args()
    loaders = dbt_loaders() if options.dbt else {}
    found = failures = 0
    for name in [*ARTIFACTS, "semantic_manifest.json"]:
        path = options.target / name
        if not path.exists():
            continue
        readers = [("dbt-artifacts-parser", lambda path, read=ARTIFACTS[name]: read(json.loads(path.read_text())))] \
            if name in ARTIFACTS else []
        if name in loaders:
            readers.append(("dbt-core", lambda path, read=loaders[name]: read(str(path))))
        for reader, read in readers:
            found += 1
            try:
                read(path)
                print(f"{name}: {reader} reads it")
            except Exception as error:  # whatever the libraries throw is the finding
                failures += 1
                print(f"{name}: {reader} does not read it: {error}")
    if not found:
        print(f"{options.target}: there are no artifacts")
    return 1 if failures or not found else 0


if __name__ == "__main__":
    sys.exit(main())
