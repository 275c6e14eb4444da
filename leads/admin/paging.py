"""Pages of a list over a million rows: counted so far and no further, its end reached from the end."""

from typing import cast

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.utils.functional import cached_property

COUNTED_TO = 10_000
WALKED_TO = 1_000  # where each row has to be looked into


class BoundedPaginator(Paginator):
    """Counts to `counted_to` and one more, which stands for "more".

    Of a list that goes on beyond, page -1 is the last one, -2 the one before it: full pages, counted from the end.
    Pages in the second half of a list are read from its end too.
    """

    counted_to = COUNTED_TO

    @cached_property
    def count(self) -> int:
        rows = cast(QuerySet, self.object_list)
        return rows.order_by()[: self.counted_to + 1].count()

    @property
    def goes_on(self) -> bool:
        return self.count > self.counted_to

    @cached_property
    def num_pages(self) -> int:
        return self.counted_to // self.per_page if self.goes_on else super().num_pages

    def validate_number(self, number: float | str) -> int:
        if self.goes_on and isinstance(number, int) and -self.num_pages <= number < 0:
            return number
        return super().validate_number(number)

    def page(self, number: int | str) -> Page:
        number = self.validate_number(number)
        rows = self._from_end(-number - 1) if number < 0 else self._counted(number)
        return Page(rows, number, self)

    def _counted(self, number: int) -> list:
        """The ids first: of the pages before, an index is read and no row."""
        first = (number - 1) * self.per_page
        last = first + self.per_page if self.goes_on else min(first + self.per_page, self.count)
        if self.goes_on or first < self.count // 2:
            return self._rows(cast(QuerySet, self.object_list), first, last)
        return self._backwards(self.count - last, self.count - first)

    def _from_end(self, pages: int) -> list:
        return self._backwards(pages * self.per_page, (pages + 1) * self.per_page)

    def _backwards(self, start: int, stop: int) -> list:
        """Rows `start` to `stop` of the order turned round, in the list's own order."""
        return self._rows(cast(QuerySet, self.object_list).reverse(), start, stop)[::-1]

    def _rows(self, rows: QuerySet, start: int, stop: int) -> list:
        ids = rows.values("pk")[start:stop]
        return list(rows.filter(pk__in=ids)) if start else list(rows[:stop])
