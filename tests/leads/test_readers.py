"""Pages that several threads read come in their order, and whoever stops reading leaves nobody behind."""

from threading import current_thread

import pytest
from asgiref.sync import async_to_sync

from leads import readers
from leads.readers import READERS, pages_in_order


@async_to_sync
async def all_of(pages):
    return [page async for page in pages]


@async_to_sync
async def first_of(pages):
    page = await anext(pages)
    await pages.aclose()
    return page


@pytest.mark.parametrize("at_once", [False, True])
@pytest.mark.parametrize("count", [0, 1, 2, 7])
def test_pages_come_in_their_order(at_once, count):
    assert all_of(pages_in_order(lambda part: bytes([part]), range(count), at_once=at_once)) == [
        bytes([part]) for part in range(count)
    ]


@pytest.mark.parametrize("at_once", [False, True])
def test_what_a_page_raises_comes_through(at_once):
    def read(part):
        raise LookupError(part)

    with pytest.raises(LookupError):
        all_of(pages_in_order(read, range(3), at_once=at_once))


def test_every_reader_hangs_up_where_nobody_reads_on(monkeypatch):
    threads, left = set(), []
    monkeypatch.setattr(readers, "_hang_up", lambda: left.append(current_thread()))

    def read(part):
        threads.add(current_thread())
        return bytes([part])

    assert first_of(pages_in_order(read, range(9), at_once=True)) == b"\0"
    for thread in threads:
        thread.join()
    assert set(left) == threads
    assert len(threads) == READERS
