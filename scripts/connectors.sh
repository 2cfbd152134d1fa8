#!/usr/bin/env bash
# Installs what tests need from PyPI below .build, and prints the folder of the programs: Airbyte's connector
# source-faker, or with an argument
#   cdk         Airbyte's own standard tests of connectors and models of its protocol
#   airbyte-api Airbyte's client of its public API
#   schemathesis Tests of APIs by their OpenAPI documents
#   airflow-v1  Airflow's client of its first stable API
#   airflow-v2  Airflow's client of its second
#   openlineage OpenLineage's client, which checks events
#   prometheus  Prometheus' client, whose parser reads metrics
#   artifacts   dbt-artifacts-parser, which validates dbt's artifacts
#   deploy      kubernetes-validate, python-hcl2 and podman-compose, which check what lies under deploy/
# Fails where they cannot be installed (no python3, no network); the tests that need them are skipped then.
set -euo pipefail
cd "$(dirname "$0")/.."
case ${1:-connectors} in
    connectors)
        program=source-faker
        packages=(airbyte-source-faker==7.2.1)
        ;;
    cdk)
        program=pytest
        packages=("airbyte-cdk[dev]==7.39.1" airbyte-protocol-models-pdv2)
        ;;
    airbyte-api)
        program=python
        packages=(airbyte-api==1.0.1)
        ;;
    schemathesis)
        program=st
        packages=(schemathesis==4.32.5)
        ;;
    airflow-v1)
        program=python
        packages=(apache-airflow-client==2.6.2)
        ;;
    airflow-v2)
        program=python
        packages=(apache-airflow-client==3.3.2)
        ;;
    openlineage)
        program=python
        packages=(openlineage-python==1.54.0)
        ;;
    prometheus)
        program=python
        packages=(prometheus_client==0.26.0)
        ;;
    artifacts)
        program=python
        packages=(dbt-artifacts-parser==0.15.0)
        ;;
    deploy)
        program=kubernetes-validate
        packages=(kubernetes-validate python-hcl2 podman-compose)
        ;;
    *)
        echo "connectors.sh: there is no '$1'" >&2
        exit 2
        ;;
esac
folder=$PWD/.build/${1:-connectors}
mkdir -p .build
if command -v flock >/dev/null; then
    exec 9>".build/${1:-connectors}.lock"
    flock 9
fi
if [ ! -e "$folder/installed" ]; then
    rm -rf "$folder"
    python3 -m venv "$folder" >&2
    "$folder/bin/pip" install -q --disable-pip-version-check "${packages[@]}" >&2
    "$folder/bin/$program" --version >/dev/null 2>&1 || "$folder/bin/$program" --help >/dev/null
    touch "$folder/installed"
fi
echo "$folder/bin"
