"""Files are the seed, what runs is in the database, and who is on the way finishes there."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from assistant.adapters.content_files import load_content
from assistant.adapters.library import FRESH_FOR_SECONDS, ContentLibrary
from assistant.adapters.revisions import (
    ContentConflict,
    ContentKind,
    Edition,
    ImportReport,
    Origin,
    Status,
    import_content,
    publish,
)
from assistant.adapters.tables import FlowRevisionRow
from assistant.domain.errors import ContentError, NotFound
from assistant.flows.document import read_answer, read_flow, read_glossary, texts
from tests.integration.persistence.examples import NOW, later

NOTHING = ImportReport(published=(), withdrawn=(), conflicts=())
ACTIVER = (ContentKind.FLOW, "activer")


def flow(slug: str = "activer", title: str = "Activer") -> Edition:
    """Return a small flow; another title makes another revision."""
    source = f"""
spec_version: 1
id: {slug}
need: activer_espace
title: {title}
summary: On y va.
steps:
  - id: code
    kind: ask
    expect: yes_no
    text: Avez-vous le code ?
    options:
      - {{id: oui, label: Oui, next: fin, also: [je l'ai]}}
      - {{id: non, label: Non, next: fin}}
  - {{id: fin, kind: end, text: C'est fini., outcome: done}}
"""
    return Edition(read_flow(source, f"{slug}.yml"))


def answer(text: str = "Non.") -> Edition:
    """Return the answer to a need."""
    return Edition(read_answer(f"{{spec_version: 1, id: obligatoire, text: {text}}}", "o.yml"))


def glossary() -> Edition:
    """Return a glossary of one word."""
    source = "{spec_version: 1, terms: [{id: lien, label: lien, also: [url], text: Une adresse.}]}"
    return Edition(read_glossary(source, "glossary.yml"))


def edit(engine: Engine, edition: Edition, **moment: float) -> None:
    """Publish as an editor."""
    with engine.begin() as connection:
        publish(connection, edition, Origin.EDITOR, later(**moment))


def statuses(engine: Engine, slug: str = "activer") -> dict[str, str]:
    """Return the status of each revision of a document."""
    with engine.connect() as connection:
        rows = connection.execute(
            select(FlowRevisionRow.revision, FlowRevisionRow.status).where(
                FlowRevisionRow.slug == slug
            )
        )
        return {row.revision: row.status for row in rows}


def test_what_is_imported_is_read_back_whole(engine: Engine) -> None:
    editions = (flow(), answer(), glossary())
    report = import_content(engine, editions, NOW)

    assert set(report.published) == {(each.kind, each.slug) for each in editions}
    library = ContentLibrary(engine)
    assert library.flow("activer").document == flow().document
    assert library.flow("activer").revision == flow().revision
    assert library.answer("obligatoire") == answer().document
    assert library.glossary() == glossary().document
    assert library.slugs(ContentKind.FLOW) == {"activer"}
    for name, edition in zip(
        ("flow/activer", "answer/obligatoire", "glossary"), editions, strict=True
    ):
        assert library.texts_of(name) == texts(edition.document)
    assert library.synonyms_of("flow/activer") == {"flow/activer/code/option/oui": ("je l'ai",)}
    assert library.synonyms_of("answer/obligatoire") == {}


def test_an_import_repeated_changes_nothing(engine: Engine) -> None:
    import_content(engine, (flow(), answer()), NOW)
    before = statuses(engine)

    assert import_content(engine, (flow(), answer()), later(days=1)) == NOTHING
    assert statuses(engine) == before


def test_a_changed_file_runs_and_the_old_revision_stays_for_who_began_it(
    engine: Engine,
) -> None:
    old, new = flow(), flow(title="Autrement")
    import_content(engine, (old,), NOW)

    assert import_content(engine, (new,), later(days=1)).published == (ACTIVER,)
    library = ContentLibrary(engine)
    assert library.published("activer").document == new.document
    assert library.pinned("activer", old.revision).document == old.document
    assert statuses(engine) == {
        old.revision: Status.ARCHIVED.value,
        new.revision: Status.PUBLISHED.value,
    }


def test_a_file_that_goes_back_runs_again_under_its_own_revision(engine: Engine) -> None:
    old, new = flow(), flow(title="Autrement")
    for edition in (old, new, old):
        import_content(engine, (edition,), NOW)

    assert ContentLibrary(engine).published("activer").revision == old.revision
    assert set(statuses(engine)) == {old.revision, new.revision}


def test_translations_belong_to_the_revision(engine: Engine) -> None:
    german = Edition(flow().document, {"de": {"flow/activer/title": "Aktivieren"}})
    import_content(engine, (flow(),), NOW)
    import_content(engine, (german,), NOW)

    stored = ContentLibrary(engine).stored(*ACTIVER, None)
    assert stored.revision == german.revision != flow().revision
    assert stored.texts["de"] == {"flow/activer/title": "Aktivieren"}
    assert stored.texts["fr"] == texts(flow().document)


def test_an_editors_later_word_wins_and_a_changed_file_is_told_until_they_decide(
    engine: Engine,
) -> None:
    seed, edited, changed = flow(), flow(title="Mieux"), flow(title="Autrement")
    import_content(engine, (seed,), NOW)
    edit(engine, edited, days=1)

    assert import_content(engine, (seed,), later(days=2)) == NOTHING

    conflict = ContentConflict(*ACTIVER, changed.revision, edited.revision)
    for _ in range(2):
        report = import_content(engine, (changed,), later(days=3))
        assert report == ImportReport((), (), (conflict,))
    assert ContentLibrary(engine).published("activer").revision == edited.revision
    assert statuses(engine)[changed.revision] == Status.DRAFT.value

    decided = flow(title="Les deux")
    edit(engine, decided, days=4)
    assert import_content(engine, (changed,), later(days=5)) == NOTHING
    assert ContentLibrary(engine).published("activer").revision == decided.revision


def test_an_editor_may_publish_what_the_file_brought(engine: Engine) -> None:
    edited, changed = flow(title="Mieux"), flow(title="Autrement")
    import_content(engine, (flow(),), NOW)
    edit(engine, edited, days=1)
    import_content(engine, (changed,), later(days=2))
    edit(engine, changed, days=3)

    assert import_content(engine, (changed,), later(days=4)) == NOTHING
    assert ContentLibrary(engine).published("activer").revision == changed.revision


def test_a_document_without_file_is_withdrawn_but_for_who_began_it(engine: Engine) -> None:
    edited = flow("edited")
    import_content(engine, (flow(), answer()), NOW)
    edit(engine, edited, days=1)

    report = import_content(engine, (answer(),), later(days=2))

    assert report.withdrawn == (ACTIVER,)
    library = ContentLibrary(engine)
    with pytest.raises(NotFound):
        library.published("activer")
    assert library.pinned("activer", flow().revision).document == flow().document
    assert library.published("edited").document == edited.document


def test_no_content_at_all_is_a_mistake(engine: Engine) -> None:
    import_content(engine, (flow(),), NOW)

    with pytest.raises(ContentError):
        import_content(engine, (), NOW)
    assert statuses(engine) == {flow().revision: Status.PUBLISHED.value}


def test_processes_that_start_together_import_once(engine: Engine) -> None:
    editions = (flow(), answer(), glossary())
    with ThreadPoolExecutor(4) as pool:
        reports = list(pool.map(lambda _: import_content(engine, editions, NOW), range(4)))

    assert sorted(len(report.published) for report in reports) == [0, 0, 0, 3]
    assert statuses(engine) == {flow().revision: Status.PUBLISHED.value}


def test_a_publication_is_noticed_within_a_second(engine: Engine) -> None:
    seconds = 100.0
    library = ContentLibrary(engine, seconds=lambda: seconds)
    import_content(engine, (flow(),), NOW)
    assert library.published("activer").revision == flow().revision

    edited = flow(title="Mieux")
    edit(engine, edited, days=1)
    seconds += FRESH_FOR_SECONDS - 0.01
    assert library.published("activer").revision == flow().revision
    seconds += 0.01
    assert library.published("activer").revision == edited.revision

    edit(engine, flow(), days=2)
    library.refresh()
    assert library.published("activer").revision == flow().revision


def test_what_is_not_there_is_told(engine: Engine) -> None:
    import_content(engine, (flow(),), NOW)
    library = ContentLibrary(engine)

    for call in (
        lambda: library.flow("?"),
        lambda: library.flow("activer", "?"),
        lambda: library.answer("activer"),
        library.glossary,
        lambda: library.texts_of("need/activer"),
        lambda: library.texts_of("flow/?"),
    ):
        with pytest.raises(NotFound):
            call()


def test_the_shipped_content_is_read_back_whole(engine: Engine) -> None:
    shipped = load_content()
    editions = [
        *(Edition(document) for document in shipped.flows.values()),
        *(Edition(document) for document in shipped.answers.values()),
        Edition(shipped.glossary),
    ]
    assert import_content(engine, editions, NOW).conflicts == ()
    assert import_content(engine, editions, NOW) == NOTHING

    library = ContentLibrary(engine)
    for edition in editions:
        stored = library.stored(edition.kind, edition.slug, None)
        assert stored.document == edition.document
        assert stored.texts == {"fr": texts(edition.document)}
        assert Edition(stored.document).revision == edition.revision == stored.revision


def test_revisions_have_the_same_name_everywhere() -> None:
    assert flow().revision == flow().revision
    assert flow().revision != flow(title="Autrement").revision
    assert flow().hash.startswith(flow().revision)
    assert Path(flow().revision).name == flow().revision
