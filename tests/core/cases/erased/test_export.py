"""An export holds all that is kept of a customer, and nothing of others."""

from __future__ import annotations

import json
import zipfile
from io import BytesIO

import pytest

from core.cases import export
from core.customers.views import ContactView
from core.people.views import Representative
from tests.core.cases.erased.everywhere import ADDRESS, SECRET, keep_raw
from tests.core.office import Office


def test_an_export_holds_all_that_is_kept_of_them_and_nothing_of_others(
    desk: Office, mila: Representative, everything: tuple[ContactView, int, str]
) -> None:
    who, number, _ = everything
    desk.desk.run(export.send_export, who.id, mila)
    content = desk.desk.look(export.make_export, who.id, mila) or b""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        told = json.loads(archive.read("everything.json"))
        names = archive.namelist()
        sent = [archive.read(name) for name in names if name.startswith("files/")]
    assert sent == [f"{SECRET} in a file".encode()]
    assert any(name.startswith("letters/") for name in names)
    case = next(one for one in told["cases"] if one["work_id"] == number)
    assert [one["kind"] for one in case["messages"]] == ["customer", "answer", "note"]
    assert case["satisfaction_words"] == f"Says {SECRET}"
    assert {one["address"] for one in told["addresses"]} == {"77001", ADDRESS}
    assert [one["text"] for one in told["messages_elsewhere"]] == [f"{SECRET} elsewhere"]
    assert "Another lamp" not in json.dumps(told)
    assert {one["verb"] for one in told["history"]} >= {"contact_met", "contact_merged", "contact_exported"}
    assert "nonce" not in json.dumps(told)


def test_files_for_which_there_is_no_room_are_named(
    desk: Office, mila: Representative, everything: tuple[ContactView, int, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    who, number, _ = everything
    monkeypatch.setattr(export, "FILES_BYTES", 5)
    content = desk.desk.look(export.make_export, who.id, mila) or b""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        assert archive.namelist() == ["everything.json"]
        told = json.loads(archive.read("everything.json"))
    case = next(one for one in told["cases"] if one["work_id"] == number)
    assert case["messages"][0]["files"][0]["in_archive"] is None


def test_an_export_holds_no_letter_of_another_that_became_no_message(
    desk: Office, mila: Representative, everything: tuple[ContactView, int, str]
) -> None:
    who, _, _ = everything
    petros = next(
        row.work_id or 0 for row in desk.owed() if row.work_id and desk.item(row.work_id).title == "Another lamp"
    )
    rating_of_petro = desk.desk.run(keep_raw, "rating@localhost", petros, None)
    content = desk.desk.look(export.make_export, who.id, mila) or b""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        assert f"letters/{rating_of_petro}.eml" not in archive.namelist()
