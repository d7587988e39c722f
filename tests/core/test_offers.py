"""Tiers: a vendor's own file, put together into what a licence contains."""

import pytest

from deskside.offers import BadOffer, Offer, Offers

TEXT = """
vendor = "Acme"

[tiers.standard]
title = "Standard"
features = ["drawing.draw", "screen.watch"]
caps = { "windows.open.most" = 1, "drawing.draw.strokes" = 50 }

[tiers.professional]
title = "Professional"
contains = ["standard"]
features = ["chat.store"]
caps = { "drawing.draw.strokes" = 500 }

[extras.windows]
title = "More windows"
features = ["windows.open"]
caps = { "windows.open.most" = 5 }
"""


@pytest.mark.feature("LIC-03")
def test_a_tier_takes_over_what_it_contains_and_adds_its_own() -> None:
    offers = Offers.read(TEXT)

    sold = offers.put_together("professional")

    assert offers.vendor == "Acme"
    assert sold == Offer(
        "Professional",
        (),
        ("chat.store", "drawing.draw", "screen.watch"),
        {"windows.open.most": 1, "drawing.draw.strokes": 500},
    )


@pytest.mark.feature("LIC-04")
def test_extras_are_sold_beside_a_tier_and_raise_its_caps() -> None:
    sold = Offers.read(TEXT).put_together("standard", ["windows"])

    assert sold.title == "Standard"
    assert sold.features == ("drawing.draw", "screen.watch", "windows.open")
    assert sold.caps["windows.open.most"] == 5


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("vendor = ", "no TOML"),
        ('vendor = "Acme"', "there is no tier"),
        ('vendor = "Acme"\ncolour = 1', "'colour' stands where"),
        ('[tiers.a]\ntitle = "A"', "vendor needs a name"),
        ('vendor = "Acme"\n[tiers]\na = 1', "tiers.a is no table"),
        ('vendor = "Acme"\n[tiers.a]\nfeatures = []', "tiers.a.title needs a name"),
        ('vendor = "Acme"\n[tiers.a]\ntitle = "A"\nfeature = []', "tiers.a has 'feature'"),
        ('vendor = "Acme"\n[tiers.a]\ntitle = "A"\nfeatures = ["drawing"]', "no feature such as"),
        ('vendor = "Acme"\n[tiers.a]\ntitle = "A"\nfeatures = "x.y"', "is a list of texts"),
        ('vendor = "Acme"\n[tiers.a]\ntitle = "A"\ncontains = ["b"]', "contains 'b', which is no tier"),
        ('vendor = "Acme"\n[tiers.a]\ntitle = "A"\ncaps = { "a.b" = 1 }', "it takes the like of"),
        ('vendor = "Acme"\n[tiers.a]\ntitle = "A"\ncaps = { "a.b.c" = -1 }', "it takes the like of"),
        ('vendor = "Acme"\n[tiers.a]\ntitle = "A"\ncaps = { "a.b.c" = true }', "it takes the like of"),
    ],
)
def test_what_cannot_be_meant_is_named(text: str, said: str) -> None:
    with pytest.raises(BadOffer, match=said):
        Offers.read(text)


def test_a_tier_that_contains_itself_or_is_not_there_is_named() -> None:
    circle = (
        'vendor = "Acme"\n[tiers.a]\ntitle = "A"\ncontains = ["b"]\n[tiers.b]\ntitle = "B"\ncontains = ["a"]'
    )

    with pytest.raises(BadOffer, match="contains itself"):
        Offers.read(circle).put_together("a")
    with pytest.raises(BadOffer, match="there is no tier 'gold'; there are professional, standard"):
        Offers.read(TEXT).put_together("gold")
    with pytest.raises(BadOffer, match="there is no extra 'gold'"):
        Offers.read(TEXT).put_together("standard", ["gold"])
