"""Names are romanised as the resolution says, with its own examples."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.people.names import folded, meant, romanised

#: The examples of the table in Resolution No. 55 of the Cabinet of Ministers of Ukraine, 27 January 2010.
EXAMPLES = """
Алушта Alushta, Андрій Andrii, Борщагівка Borshchahivka, Борисенко Borysenko, Вінниця Vinnytsia, Гадяч Hadiach,
Богдан Bohdan, Згурський Zghurskyi, Ґалаґан Galagan, Ґорґани Gorgany, Донецьк Donetsk, Рівне Rivne, Олег Oleh,
Есмань Esman, Єнакієве Yenakiieve, Гаєвич Haievych, Короп'є Koropie, Житомир Zhytomyr, Жанна Zhanna,
Закарпаття Zakarpattia, Медвин Medvyn, Іванків Ivankiv, Їжакевич Yizhakevych, Кадиївка Kadyivka, Мар'їне Marine,
Йосипівка Yosypivka, Стрий Stryi, Олексій Oleksii, Київ Kyiv, Коваленко Kovalenko, Лебедин Lebedyn, Леонід Leonid,
Миколаїв Mykolaiv, Маринич Marynych, Ніжин Nizhyn, Одеса Odesa, Полтава Poltava, Решетилівка Reshetylivka, Суми Sumy,
Тернопіль Ternopil, Ужгород Uzhhorod, Фастів Fastiv, Харків Kharkiv, Біла Bila, Стеценко Stetsenko, Чернівці Chernivtsi,
Шостка Shostka, Гоща Hoshcha, Юрій Yurii, Корюківка Koriukivka, Яготин Yahotyn, Костянтин Kostiantyn,
Знам'янка Znamianka, Феодосія Feodosiia, Розгон Rozghon
"""


@pytest.mark.parametrize("pair", EXAMPLES.split(","))
def test_romanises_as_the_resolution_does(pair: str) -> None:
    ukrainian, roman = pair.split()
    assert romanised(ukrainian) == roman.casefold()


def test_each_word_of_a_name_begins_anew() -> None:
    assert romanised("Яна Юрʼївна Єва-Їля") == "yana yurivna yeva-yilia"


@given(st.text())
@example("' 0")
def test_folding_twice_is_folding_once(text: str) -> None:
    assert folded(folded(text)) == folded(text)
    assert romanised(romanised(text)) == romanised(text)


@given(st.lists(st.text(min_size=1), max_size=4), st.data())
def test_whoever_is_named_in_full_is_among_those_meant(names: list[str], data: st.DataObject) -> None:
    if names:
        name = data.draw(st.sampled_from(names))
        assert not folded(name) or name in meant(name, names, lambda one: [one])
