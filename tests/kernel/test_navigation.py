from acquis.kernel import icons, navigation
from acquis.kernel.navigation import Item

ITEMS = (
    Item("Galerie", "kernel:gallery", "palette", order=10),
    Item("Épreuve", "kernel:gallery_focus", "clock", verb="exam.see"),
    Item("Plus tard", "kernel:page_that_does_not_exist", "x"),
)


def links(path, *, allows=lambda _: True):
    return navigation.visible(allows, path, ITEMS)


def test_visible_leaves_out_pages_that_do_not_exist():
    assert [link.label for link in links("/")] == ["Galerie", "Épreuve"]


def test_visible_leaves_out_what_the_person_may_not():
    shown = links("/", allows=lambda verb: verb is None)
    assert [link.label for link in shown] == ["Galerie"]


def test_visible_marks_only_the_nearest_page_current():
    shown = links("/galerie/epreuve/")
    assert [link.current for link in shown] == [False, True]


def test_collect_finds_every_entry_and_its_drawing():
    for item in navigation.collect():
        assert item.icon in icons.names(), item
