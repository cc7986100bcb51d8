"""What people write for a time, with what they mean by it: written by hand before anything was tried on it.

One row was set right since: «до 3.11» was meant as a version, and is a date.

Each table begins with the instant of writing, in Kyiv. A row is what was written, the words that are left of it, and
the instant on the clock there, with its end where there is one. A minus says that no time is meant; a question mark
stands before the words that must be refused by name, for nobody can tell what they mean, or there is no such time.
"""

from __future__ import annotations

#: A Tuesday like others, before noon.
ENGLISH = """
2026-11-24 11:00
tomorrow at 15 demo                     | demo                   | 2026-11-25 15:00
tomorrow 15:00 demo                     | demo                   | 2026-11-25 15:00
demo tomorrow at 15                     | demo                   | 2026-11-25 15:00
demo tomorrow 15:30                     | demo                   | 2026-11-25 15:30
demo tomorrow 3pm                       | demo                   | 2026-11-25 15:00
demo tomorrow at 3 pm                   | demo                   | 2026-11-25 15:00
tomorrow demo                           | demo                   | 2026-11-25 09:00
today at 16:45 call Maria               | call Maria             | 2026-11-24 16:45
call Maria today at 5                   | call Maria             | 2026-11-24 17:00
tonight at 8 backup                     | backup                 | 2026-11-24 20:00
next Tue 9:30 planning                  | planning               | 2026-12-01 09:30
next Tue at 9:30 planning               | planning               | 2026-12-01 09:30
planning next Tue 9:30                  | planning               | 2026-12-01 09:30
next friday 14:00 review                | review                 | 2026-12-04 14:00
next monday at 10 review                | review                 | 2026-11-30 10:00
this friday 14:00 review                | review                 | 2026-11-27 14:00
monday 11                               |                        | 2026-11-30 11:00
review monday 11                        | review                 | 2026-11-30 11:00
review mon 11:00                        | review                 | 2026-11-30 11:00
fri 10:00 review                        | review                 | 2026-11-27 10:00
on thursday at 8:15 standup             | standup                | 2026-11-26 08:15
tue 10:00 standup                       | standup                | 2026-12-01 10:00
tue 15:00 standup                       | standup                | 2026-11-24 15:00
standup wednesday morning               | standup                | 2026-11-25 09:00
friday evening release                  | release                | 2026-11-27 18:00
in 2 hours call back                    | call back              | 2026-11-24 13:00
call back in 2 hours                    | call back              | 2026-11-24 13:00
call back in 20 min                     | call back              | 2026-11-24 11:20
call back in half an hour               | call back              | 2026-11-24 11:30
call back in an hour and a half         | call back              | 2026-11-24 12:30
call back in 1h 30m                     | call back              | 2026-11-24 12:30
90m call back                           | call back              | 2026-11-24 12:30
in 3 days at 10 inspect the pump        | inspect the pump       | 2026-11-27 10:00
inspect the pump in 3 days at 10        | inspect the pump       | 2026-11-27 10:00
inspect the pump in 3 days              | inspect the pump       | 2026-11-27 11:00
in 2 weeks at 9:00 inspect              | inspect                | 2026-12-08 09:00
in a week inspect                       | inspect                | 2026-12-01 11:00
inspect in a month                      | inspect                | 2026-12-24 11:00
next week report                        | report                 | 2026-11-30 09:00
25 Dec at 9 gifts                       | gifts                  | 2026-12-25 09:00
Dec 25 9:00 gifts                       | gifts                  | 2026-12-25 09:00
25th of December gifts                  | gifts                  | 2026-12-25 09:00
gifts 25.12 at 9                        | gifts                  | 2026-12-25 09:00
25.12.2026 18:00 party                  | party                  | 2026-12-25 18:00
2026-12-25 18:00 party                  | party                  | 2026-12-25 18:00
party 2026-12-25                        | party                  | 2026-12-25 09:00
Friday, 27 November at 15:00 demo       | demo                   | 2026-11-27 15:00
fri 27.11 15:00 demo                    | demo                   | 2026-11-27 15:00
tomorrow 15-16 demo                     | demo                   | 2026-11-25 15:00 16:00
tomorrow 15:00-16:30 demo               | demo                   | 2026-11-25 15:00 16:30
tomorrow 15:00–16:30 demo               | demo                   | 2026-11-25 15:00 16:30
demo tomorrow 15-16                     | demo                   | 2026-11-25 15:00 16:00
demo tomorrow 15:00 - 16:30             | demo                   | 2026-11-25 15:00 16:30
demo tomorrow from 15 to 16:30          | demo                   | 2026-11-25 15:00 16:30
demo tomorrow from 3pm to 4:30pm        | demo                   | 2026-11-25 15:00 16:30
demo tomorrow 3-4pm                     | demo                   | 2026-11-25 15:00 16:00
monday 11-12 demo                       | demo                   | 2026-11-30 11:00 12:00
25.12 9:00-10:00 gifts                  | gifts                  | 2026-12-25 09:00 10:00
tomorrow 22:00-01:00 move the servers   | move the servers       | 2026-11-25 22:00 01:00
demo tomorrow at 15 for 2h              | demo                   | 2026-11-25 15:00 17:00
tomorrow 15:00 for 45 minutes demo      | demo                   | 2026-11-25 15:00 15:45
16:30 call Maria                        | call Maria             | 2026-11-24 16:30
9:00 call Maria                         | call Maria             | 2026-11-25 09:00
at noon lunch                           | lunch                  | 2026-11-24 12:00
lunch tomorrow at noon                  | lunch                  | 2026-11-25 12:00
at half past 4 tea                      | tea                    | 2026-11-24 16:30
tomorrow at half past nine tea          | tea                    | 2026-11-25 09:30
tomorrow at nine tea                    | tea                    | 2026-11-25 09:00
report by friday                        | report                 | 2026-11-27 09:00
report by friday 17:00                  | report                 | 2026-11-27 17:00
the day after tomorrow at 10 audit      | audit                  | 2026-11-26 10:00
audit the day after tomorrow            | audit                  | 2026-11-26 09:00
order 2 boxes tomorrow at 10            | order 2 boxes          | 2026-11-25 10:00
upgrade to 3.11                         | upgrade to 3.11        | -
report for 2025                         | report for 2025        | -
read chapter 5                          | read chapter 5         | -
10.0.0.1 is down                        | 10.0.0.1 is down       | -
look at the sun                         | look at the sun        | -
the price is 12.50                      | the price is 12.50     | -
may I help                              | may I help             | -
march with the band                     | march with the band    | -
what happened yesterday                 | what happened yesterday | -
second visit                            | second visit           | -
call Sun Microsystems                   | call Sun Microsystems  | -
24/7 support contract                   | 24/7 support contract  | -
tomorrow 25:00 demo                     |                        | ? 25:00
tomorrow at 9:75 demo                   |                        | ? 9:75
32.12 demo                              |                        | ? 32.12
31.11 at 9 demo                         |                        | ? 31.11
30 February demo                        |                        | ? 30 February
today 9:00 demo                         |                        | ? today 9:00
yesterday 10:00 demo                    |                        | ? yesterday 10:00
2020-01-01 demo                         |                        | ? 2020-01-01
12/25 9:00 demo                         |                        | ? 12/25
tomorrow 16-15 demo                     |                        | ? 16-15
tomorrow 11 boxes arrive                |                        | ? tomorrow 11
demo tomorrow 25:00                     |                        | ? 25:00
"""

UKRAINIAN = """
2026-11-24 11:00
завтра о 15 демо                        | демо                   | 2026-11-25 15:00
завтра о 15:00 демо                     | демо                   | 2026-11-25 15:00
завтра 15:30 демо                       | демо                   | 2026-11-25 15:30
демо завтра о 15                        | демо                   | 2026-11-25 15:00
демо завтра 15:30                       | демо                   | 2026-11-25 15:30
завтра демо                             | демо                   | 2026-11-25 09:00
завтра вранці демо                      | демо                   | 2026-11-25 09:00
завтра о 9 ранку демо                   | демо                   | 2026-11-25 09:00
завтра о 7 вечора кіно                  | кіно                   | 2026-11-25 19:00
сьогодні о 16:45 подзвонити             | подзвонити             | 2026-11-24 16:45
подзвонити сьогодні о 5                 | подзвонити             | 2026-11-24 17:00
подзвонити сьогодні ввечері             | подзвонити             | 2026-11-24 18:00
післязавтра о 10:30 аудит               | аудит                  | 2026-11-26 10:30
аудит післязавтра                       | аудит                  | 2026-11-26 09:00
у понеділок о 11 нарада                 | нарада                 | 2026-11-30 11:00
в понеділок об 11 нарада                | нарада                 | 2026-11-30 11:00
понеділок 11                            |                        | 2026-11-30 11:00
нарада пн 11                            | нарада                 | 2026-11-30 11:00
нарада пн 11:00                         | нарада                 | 2026-11-30 11:00
пт 10:00 нарада                         | нарада                 | 2026-11-27 10:00
нарада у пʼятницю о 10                  | нарада                 | 2026-11-27 10:00
нарада в п'ятницю о 10                  | нарада                 | 2026-11-27 10:00
нарада в п’ятницю                       | нарада                 | 2026-11-27 09:00
у вівторок о 10 нарада                  | нарада                 | 2026-12-01 10:00
у вівторок о 15 нарада                  | нарада                 | 2026-11-24 15:00
наступного вівторка о 9:30 план         | план                   | 2026-12-01 09:30
наступної п'ятниці о 14 огляд           | огляд                  | 2026-12-04 14:00
цієї п'ятниці о 14 огляд                | огляд                  | 2026-11-27 14:00
у середу вранці огляд                   | огляд                  | 2026-11-25 09:00
у суботу ввечері реліз                  | реліз                  | 2026-11-28 18:00
в неділю опівдні обід                   | обід                   | 2026-11-29 12:00
через 2 години передзвонити             | передзвонити           | 2026-11-24 13:00
передзвонити через 2 години             | передзвонити           | 2026-11-24 13:00
передзвонити через 20 хв                | передзвонити           | 2026-11-24 11:20
передзвонити за пів години              | передзвонити           | 2026-11-24 11:30
передзвонити через півгодини            | передзвонити           | 2026-11-24 11:30
передзвонити за годину                  | передзвонити           | 2026-11-24 12:00
передзвонити через півтори години       | передзвонити           | 2026-11-24 12:30
через 1 год 30 хв передзвонити          | передзвонити           | 2026-11-24 12:30
через 3 дні о 10 оглянути насос         | оглянути насос         | 2026-11-27 10:00
оглянути насос через 3 дні о 10         | оглянути насос         | 2026-11-27 10:00
оглянути насос через 3 дні              | оглянути насос         | 2026-11-27 11:00
через тиждень оглянути                  | оглянути               | 2026-12-01 11:00
через 2 тижні о 9:00 оглянути           | оглянути               | 2026-12-08 09:00
оглянути через місяць                   | оглянути               | 2026-12-24 11:00
наступного тижня звіт                   | звіт                   | 2026-11-30 09:00
25.12 о 9 подарунки                     | подарунки              | 2026-12-25 09:00
подарунки 25.12 о 9                     | подарунки              | 2026-12-25 09:00
25 грудня о 9:30 подарунки              | подарунки              | 2026-12-25 09:30
25-го грудня подарунки                  | подарунки              | 2026-12-25 09:00
подарунки 25 грудня 2027                | подарунки              | 2027-12-25 09:00
25.12.2026 18:00 свято                  | свято                  | 2026-12-25 18:00
свято 25.12.26 о 18:00                  | свято                  | 2026-12-25 18:00
пʼятниця, 27 листопада о 15:00 демо     | демо                   | 2026-11-27 15:00
завтра 15-16 демо                       | демо                   | 2026-11-25 15:00 16:00
завтра 15:00-16:30 демо                 | демо                   | 2026-11-25 15:00 16:30
завтра 15:00–16:30 демо                 | демо                   | 2026-11-25 15:00 16:30
демо завтра 15-16                       | демо                   | 2026-11-25 15:00 16:00
демо завтра 15:00 – 16:30               | демо                   | 2026-11-25 15:00 16:30
завтра з 15 до 16:30 демо               | демо                   | 2026-11-25 15:00 16:30
демо завтра з 15:00 до 16:00            | демо                   | 2026-11-25 15:00 16:00
демо у понеділок о 11-12                | демо                   | 2026-11-30 11:00 12:00
25.12 9:00-10:00 подарунки              | подарунки              | 2026-12-25 09:00 10:00
завтра 22:00-01:00 переїзд              | переїзд                | 2026-11-25 22:00 01:00
демо завтра о 15 на 2 години            | демо                   | 2026-11-25 15:00 17:00
завтра о 15:00 на 45 хв демо            | демо                   | 2026-11-25 15:00 15:45
о 16:30 подзвонити                      | подзвонити             | 2026-11-24 16:30
об 11 подзвонити                        | подзвонити             | 2026-11-25 11:00
завтра о третій чай                     | чай                    | 2026-11-25 15:00
завтра о дев'ятій чай                   | чай                    | 2026-11-25 09:00
завтра о пів на четверту чай            | чай                    | 2026-11-25 15:30
о 18 годині збори                       | збори                  | 2026-11-24 18:00
збори о 6 вечора                        | збори                  | 2026-11-24 18:00
звіт до п'ятниці                        | звіт                   | 2026-11-27 09:00
звіт до п'ятниці 17:00                  | звіт                   | 2026-11-27 17:00
перенести на завтра на 10:00            | перенести              | 2026-11-25 10:00
замовити 2 коробки завтра о 10          | замовити 2 коробки     | 2026-11-25 10:00
звіт за тиждень                         | звіт за тиждень        | -
звіт до 3.11                            | звіт                   | 2027-11-03 09:00
прочитати розділ 5                      | прочитати розділ 5     | -
вчора впав сервер                       | вчора впав сервер      | -
середній чек                            | середній чек           | -
лютий мороз                             | лютий мороз            | -
о котрій зустріч                        | о котрій зустріч       | -
за домовленістю                         | за домовленістю        | -
ціна 12.50                              | ціна 12.50             | -
договір 24/7                            | договір 24/7           | -
завтра о 25:00 демо                     |                        | ? 25:00
завтра о 9:75 демо                      |                        | ? 9:75
32.12 демо                              |                        | ? 32.12
31.11 о 9 демо                          |                        | ? 31.11
30 лютого демо                          |                        | ? 30 лютого
сьогодні 9:00 демо                      |                        | ? сьогодні 9:00
вчора 10:00 демо                        |                        | ? вчора 10:00
завтра 16-15 демо                       |                        | ? 16-15
завтра 11 коробок привезуть             |                        | ? завтра 11
демо завтра 25:00                       |                        | ? 25:00
"""

#: The night on which the clock is put forward: there is no time from three to four.
SPRING = """
2026-03-28 12:00
tomorrow 2:30 backup                    | backup                 | 2026-03-29 02:30
tomorrow 3:30 backup                    |                        | ? tomorrow 3:30
завтра о 3:30 копія                     |                        | ? завтра о 3:30
tomorrow 4:00 backup                    | backup                 | 2026-03-29 04:00
завтра о 9 копія                        | копія                  | 2026-03-29 09:00
in 1 day backup                         | backup                 | 2026-03-29 12:00
через добу копія                        | копія                  | 2026-03-29 12:00
через 24 години копія                   | копія                  | 2026-03-29 13:00
in 2 weeks backup                       | backup                 | 2026-04-11 12:00
tomorrow 2:00-4:00 backup               | backup                 | 2026-03-29 02:00 04:00
"""

#: The night on which it is put back: three to four comes twice, and the first is meant.
AUTUMN = """
2026-10-24 12:00
tomorrow 3:30 backup                    | backup                 | 2026-10-25 03:30
завтра о 9:00 копія                     | копія                  | 2026-10-25 09:00
in 1 day backup                         | backup                 | 2026-10-25 12:00
in 24 hours backup                      | backup                 | 2026-10-25 11:00
через тиждень копія                     | копія                  | 2026-10-31 12:00
через 3 дні о 10 копія                  | копія                  | 2026-10-27 10:00
"""

#: The ends of months and of a year.
ENDS = """
2027-01-31 10:00
tomorrow at 9 count                     | count                  | 2027-02-01 09:00
in a month count                        | count                  | 2027-02-28 10:00
через місяць облік                      | облік                  | 2027-02-28 10:00
in 2 months at 9 count                  | count                  | 2027-03-31 09:00
29.02 облік                             | облік                  | 2028-02-29 09:00
29 February count                       | count                  | 2028-02-29 09:00
31.01 9:00 count                        | count                  | 2028-01-31 09:00
31 січня о 18 облік                     | облік                  | 2027-01-31 18:00
next week count                         | count                  | 2027-02-01 09:00
понеділок 11                            |                        | 2027-02-01 11:00
29.02.2027 облік                        |                        | ? 29.02.2027
"""

#: Shortly before midnight, at the end of the year.
MIDNIGHT = """
2026-12-31 23:30
tomorrow at 9 toast                     | toast                  | 2027-01-01 09:00
завтра 0:15 тост                        | тост                   | 2027-01-01 00:15
in 45 minutes toast                     | toast                  | 2027-01-01 00:15
через годину тост                       | тост                   | 2027-01-01 00:30
today toast                             | toast                  | 2026-12-31 23:59
01.01 о 12 тост                         | тост                   | 2027-01-01 12:00
fri 10:00 toast                         | toast                  | 2027-01-01 10:00
today 22:00 toast                       |                        | ? today 22:00
"""

TABLES = (ENGLISH, UKRAINIAN, SPRING, AUTUMN, ENDS, MIDNIGHT)
