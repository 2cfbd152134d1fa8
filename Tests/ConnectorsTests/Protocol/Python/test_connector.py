"""airbyte-cdk's standard tests of connectors, run against the connector in the folder CONNECTOR_ROOT."""

import os
from pathlib import Path

from airbyte_cdk.test.standard_tests.docker_base import DockerConnectorTestSuite


class TestConnector(DockerConnectorTestSuite):
    @classmethod
    def get_connector_root_dir(cls) -> Path:
        return Path(os.environ["CONNECTOR_ROOT"])
