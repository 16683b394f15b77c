"""Accessibility of a page in a real browser, judged by axe-core."""

from pathlib import Path

from playwright.sync_api import Page

_AXE = (Path(__file__).parents[1] / "assets/axe.min.js").read_text()
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page: Page, *, within: str | None = None) -> list[str]:
    """One line a violation: rule, gravity, what to do, the element; [] for an accessible page."""
    page.evaluate(_AXE)
    found = page.evaluate(
        "([within, rules]) => axe.run(within ?? document, {runOnly: rules})", [within, _RULES]
    )
    return [
        f"{violation['id']} ({violation['impact']}): {node['failureSummary']} — {node['html'][:200]}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]
