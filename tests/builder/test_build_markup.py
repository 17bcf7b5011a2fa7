"""What the build says of a network to the page's style sheets."""

import re

from ui.columns import columns

from builder.markup import column_rules
from tests.ui.networks import Network, grey, tiny_vgg


def numbers(network: Network) -> dict[str, int]:
    rules = column_rules(columns(network.describe()))
    return {name: int(number) for name, number in re.findall(r"--([a-z]+): (\d+);", rules)}


def test_the_numbers_that_lay_out_tiny_vgg():
    assert numbers(tiny_vgg()) == {
        "most": 10,
        "classes": 10,
        "maps": 11,
        "strips": 1,
        "ones": 6,
        "alls": 3,
        "blocks": 2,
    }


def test_the_numbers_that_lay_out_a_network_with_hidden_layers():
    assert numbers(grey()) == {
        "most": 16,
        "classes": 7,
        "maps": 6,
        "strips": 5,
        "ones": 3,
        "alls": 5,
        "blocks": 2,
    }
