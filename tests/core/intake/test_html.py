from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.intake.parse.html import to_text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<h1>Hello</h1><p>One</p><p>Two</p>", "Hello\n\nOne\n\nTwo"),
        ("<ul><li>one<li>two</ul>", "• one\n• two"),
        ("<ol><li>one</li><li>two<ul><li>in</li></ul></li></ol>", "1. one\n2. two\n  • in"),
        ("<table><tr><th>A</th><th>B</th></tr><tr><td><p>1</p></td><td>2</td></tr></table>", "A | B\n1 | 2"),
        ("<tr><td></td><td>only</td></tr>", "only"),
        ('<a href="https://x.example/a?b&amp;c">here</a>', "here (https://x.example/a?b&c)"),
        ('<a href="https://www.x.example/">x.example</a>', "x.example"),
        ('<a href="mailto:a@b.c">a@b.c</a>', "a@b.c"),
        ("<a href='javascript:alert(1)'>click</a>", "click"),
        ("<a name=x>y</a>", "y"),
        ("2 * 3 = 6_7 # not [a] mark", "2 * 3 = 6_7 # not [a] mark"),
        ("a &lt;b&gt; &amp; &#1110;", "a <b> & і"),
        ("<p>a\n  b</p>", "a b"),
        ("a<br>b<br><br>c", "a\nb\n\nc"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ("<blockquote>q<br>r<blockquote>s</blockquote></blockquote>own", "> q\n> r\n\n> > s\n\nown"),
        ("<style>p{}</style><script>x</script><title>t</title><!-- c -->seen", "seen"),
        ("<!-- never ended", "never ended"),
        ("<script>never ended", "never ended"),
        ('<img alt="a>b" src=x>after', "after"),
        ("1 < 2 and <3", "1 < 2 and <3"),
        ("before <a never ended", "before <a never ended"),
        (
            "<p class=MsoNormal>a</p><p class=MsoNormal>b</p><p class=MsoNormal>&nbsp;</p><p class=MsoNormal>c</p>",
            "a\nb\n\nc",
        ),
        ("&#99999999999999999999;", "\ufffd"),
        ("", ""),
    ],
)
def test_html_reads_as_a_person_would_read_it(html: str, text: str) -> None:
    assert to_text(html) == text


@given(
    st.lists(
        st.sampled_from(
            [
                "<p>",
                "</p>",
                "<ul>",
                "<li>",
                "</ul>",
                "<td>",
                "<tr>",
                "<blockquote>",
                "</blockquote>",
                "<br>",
                "<pre>",
                "</pre>",
                "<a href=http://x.y>",
                "</a>",
                "<div>",
                "&nbsp;",
                " ",
                "\n",
                '"',
                "'",
            ]
        )
        | st.integers(100, 999).map(str),
        max_size=60,
    )
)
def test_every_word_between_tags_is_kept_in_its_order(pieces: list[str]) -> None:
    # After a tag that is never ended a quote may hide what follows it; here all are ended.
    words = "".join(piece for piece in pieces if piece.isdigit())
    found = "".join(one for one in to_text("".join(pieces)).replace("(http://x.y)", "") if one.isdigit())
    numbered = any(piece == "<ol>" for piece in pieces)
    assert numbered or found == words


@given(st.text(alphabet="<>/!-&#;\"'= apbrtdulix123", max_size=200))
def test_no_html_is_refused(html: str) -> None:
    to_text(html)


def test_of_a_page_of_nothing_but_tags_every_word_is_kept_without_reading_all_tags() -> None:
    text = to_text("<p>first</p>" + "<b></b>" * 40_000 + "<i>last</i> 1 &lt; 2 <p>words")
    assert text.split() == ["first", "last", "1", "<", "2", "words"]
