"""Pictures that a letter shows only in a signature or a quote do not stand in the way of its own files."""

from __future__ import annotations

from pathlib import Path

from core.cases.conversations import files_of
from tests.core.office import Office
from tests.workers.letters import Post, letter

PNG = "Content-Type: image/png; name={0}.png\r\nContent-ID: <{0}@x>\r\nContent-Disposition: inline\r\n\r\n{0}\r\n"


def test_logos_come_after_the_files_and_are_not_shown_in_chat(office: Office, tmp_path: Path) -> None:
    office.join("Olena")
    post = Post(office, tmp_path / "files")
    page = '<p>See <img src="cid:shot@x"></p><p>-- <br>Ivan<br><img src="cid:logo@x"></p>'
    parts = [
        f"Content-Type: text/html\r\n\r\n{page}\r\n",
        PNG.format("logo"),
        PNG.format("shot"),
        'Content-Type: application/pdf; name="a.pdf"\r\nContent-Disposition: attachment\r\n\r\n%PDF\r\n',
    ]
    body = "".join(f"--b\r\n{one}" for one in parts) + "--b--"
    row = post.bring(letter(body, kind='multipart/related; boundary="b"'))
    (entry,) = post.entries(row.work_id)
    assert entry.text == "See [picture: shot.png]"
    files = post.office.desk.look(files_of, [entry.id])[entry.id]
    assert [(one.name, one.kind) for one in files] == [
        ("a.pdf", "document"),
        ("shot.png", "photo"),
        ("logo.png", "document"),
    ]
