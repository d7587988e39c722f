"""The panel's pages of features, as an administrator or an agent uses them."""

from playwright.sync_api import Locator, Page, expect


def open_features(panel: Page, shown: str) -> None:
    """Open what the first group's users may use, with every detail unfolded."""
    panel.get_by_role("navigation").get_by_role("link", name="Groups", exact=True).first.click()
    panel.locator('main a[href$="/features"]').first.click()
    expect(panel.get_by_text(shown).first).to_be_visible()
    unfold(panel)


def unfold(panel: Page) -> None:
    """Unfold every detail."""
    panel.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")


def switch(panel: Page, feature: str, state: str) -> Locator:
    """Return the button that gives a feature one of its states."""
    return panel.locator(f'input[name="policy:{feature}"][value="{state}"]')


def locks(panel: Page, option: str) -> Locator:
    """Return the tick that keeps users from changing an option's value."""
    return panel.locator(f'input[name="locked:{option}"]')
