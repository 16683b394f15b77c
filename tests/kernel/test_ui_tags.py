"""The component tags: typography, escaping, what ties a field to its errors."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

NBSP, NARROW = "\u00a0", "\u202f"
AT = datetime(2026, 11, 21, 9, 42, 7, tzinfo=UTC)


@pytest.fixture(autouse=True)
def french():
    with translation.override("fr"):
        yield


def shown(source: str, **values: object) -> str:
    request = RequestFactory().get("/liste/?q=dupont&tri=-nom&page=3")
    request.user = AnonymousUser()
    return Template("{% load ui %}" + source).render(Context({"request": request, **values}))


class Person(forms.Form):
    name = forms.CharField(label="Nom", help_text="Tel qu’au passeport")
    outcome = forms.ChoiceField(label="Issue", widget=forms.RadioSelect, choices=[("a", "A")])
    consent = forms.BooleanField(label="Accord", required=False)
    kept = forms.CharField(widget=forms.HiddenInput, required=False)


def test_french_sets_spaces_that_do_not_break_and_escapes():
    text = shown("{{ text|french }}", text="Prêt ? « oui » : 25 % <b>")
    assert text == f"Prêt{NBSP}? «{NBSP}oui{NBSP}»{NBSP}: 25{NBSP}% &lt;b&gt;"


def test_french_leaves_times_and_addresses_alone():
    assert shown("{{ text|french }}", text="10:42 https://a.example") == "10:42 https://a.example"


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (Decimal("1234.555"), f"1{NARROW}234,56{NBSP}€"),
        (Decimal("-0.5"), f"−0,50{NBSP}€"),
        (1_000_000, f"1{NARROW}000{NARROW}000,00{NBSP}€"),
    ],
)
def test_euros_prints_cents_rounded_half_away_from_zero(amount, text):
    assert text in shown("{% euros amount %}", amount=amount)


def test_euros_and_moment_print_a_dash_for_nothing():
    assert "—" in shown("{% euros nothing %}", nothing=None)
    assert "—" in shown("{% moment nothing %}", nothing=None)


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("full", f"21/11/2026{NBSP}10:42"),
        ("seconds", "10:42:07"),
        ("date", f"21{NBSP}novembre{NBSP}2026"),
        ("long", f"samedi{NBSP}21{NBSP}novembre{NBSP}2026"),
    ],
)
def test_moment_shows_paris_time_and_keeps_the_instant(form, text):
    html = shown("{% moment at form %}", at=AT, form=form)
    assert html == f'<time datetime="2026-11-21T09:42:07+00:00">{text}</time>'


def test_moment_of_a_day_shows_no_hour():
    html = shown("{% moment day %}", day=date(2026, 3, 1))
    assert html == f'<time datetime="2026-03-01">1{NBSP}mars{NBSP}2026</time>'


def test_icon_is_ornament_without_label_and_image_with_one():
    assert 'aria-hidden="true"' in shown('{% icon "phone" %}')
    html = shown('{% icon "phone" label=label %}', label='<a> "b"')
    assert 'role="img" aria-label="&lt;a&gt; &quot;b&quot;"' in html


def test_icon_that_does_not_exist_is_a_question_mark():
    assert "sprite.svg#question-mark" in shown('{% icon "no-such-drawing" %}')


def test_badge_escapes_its_text():
    html = shown('{% badge text "danger" %}', text="<script>")
    assert "&lt;script&gt;" in html
    assert "badge-tone-danger" in html


def test_field_ties_label_help_and_error_to_the_control():
    html = shown("{% field form.name %}", form=Person({}))
    assert '<label class="form-label" for="id_name">' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_name_helptext"' in html
    assert 'id="id_name_error"' in html


def test_field_without_errors_is_not_invalid():
    html = shown("{% field form.name %}", form=Person())
    assert "aria-invalid" not in html
    assert 'aria-describedby="id_name_helptext"' in html


def test_field_of_choices_is_a_fieldset_with_a_legend():
    html = shown("{% field form.outcome %}", form=Person({}))
    assert "<fieldset" in html
    assert "<legend" in html
    assert 'aria-describedby="id_outcome_error"' in html


def test_field_that_is_hidden_shows_no_label():
    html = shown("{% field form.kept %}", form=Person())
    assert "<label" not in html
    assert 'type="hidden"' in html


def test_form_errors_leads_to_each_refused_field():
    html = shown("{% form_errors form %}", form=Person({}))
    assert 'role="alert"' in html
    assert 'href="#id_name"' in html
    assert 'href="#id_outcome"' in html
    assert shown("{% form_errors form %}", form=Person()).strip() == ""


def test_pagination_keeps_the_other_parameters():
    page = Paginator(range(10_000), 50).page(3)
    html = shown("{% pagination page %}", page=page)
    assert "?q=dupont&amp;tri=-nom&amp;page=4" in html
    assert f'<span class="figures">10{NARROW}000</span>' in html
    assert html.count("<a ") < 12


def test_sortable_turns_the_order_and_forgets_the_page():
    html = shown('{% sortable "nom" "Nom" %}')
    assert 'aria-sort="descending"' in html
    assert "?q=dupont&amp;tri=nom" in html
    assert "page=" not in html


def test_data_table_says_its_caption_and_rows():
    html = shown('{% data_table "Clients" 1 %}<tbody></tbody>{% enddata_table %}')
    assert "<caption>Clients" in html
    assert f"1{NBSP}ligne<" in html


def test_progress_of_unknown_total_has_no_value():
    assert "value=" not in shown("{% progress 12 nothing %}", nothing=None)
    assert 'value="12" max="40"' in shown("{% progress 12 40 %}")


def test_steps_says_each_state_in_words():
    html = shown("{% steps items %}", items=[("Composer", "done"), ("Convoquer", "current")])
    assert 'aria-current="step"' in html
    assert "(fait)" in html


def test_clock_counts_from_the_servers_now():
    html = shown("{% clock end now %}", now=AT, end=AT + timedelta(minutes=75))
    assert "1:15:00" in html
    assert f"1{NBSP}h{NBSP}15{NBSP}min" in html
    assert 'data-now="2026-11-21T09:42:07+00:00"' in html


def test_diff_escapes_and_marks_words():
    html = shown("{% diff before after %}", before="le <b> chat", after="le <b> chien")
    assert "le &lt;b&gt; <del>chat</del><ins>chien</ins>" in html


def test_timeline_item_holds_its_content():
    html = shown(
        '{% timeline_item at=at title="Appel" actor=who anchor="l-1" %}<p>Bref</p>'
        "{% endtimeline_item %}",
        at=AT,
        who="<Nadia>",
    )
    assert 'id="l-1"' in html
    assert "<p>Bref</p>" in html
    assert "&lt;Nadia&gt;" in html


def test_duration_and_keys():
    assert f"1{NBSP}h{NBSP}15{NBSP}min" in shown("{% duration 4500 %}")
    assert f"30{NBSP}s" in shown("{% duration 30 %}")
    assert "<kbd>Ctrl</kbd>+<kbd>K</kbd>" in shown('{% kbd "Ctrl+K" %}')
