"""Checks that every line of standard input is a message of the Airbyte protocol, and prints how many there are."""

import sys

from airbyte_protocol.models import AirbyteMessage


def main() -> None:
    count = 0
    for line in sys.stdin:
        message = AirbyteMessage.model_validate_json(line)
        # Exactly the part that its type names is there.
        part = {"CONNECTION_STATUS": "connectionStatus"}.get(message.type.value, message.type.value.lower())
        if getattr(message, part) is None:
            raise SystemExit(f"a message {message.type.value} without its content: {line}")
        count += 1
    print(count)


main()
