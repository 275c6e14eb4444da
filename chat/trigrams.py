"""How near two short texts are, by the three-letter pieces of their words; an index of texts by it.

Casefolded, without accents and without the words that carry a sentence but not its subject, so that "Le permis B
est-il obligatoire ?" meets "sans permis on peut s'inscrire". Knows no database, so it works on any.
"""

import math
import re
from collections import defaultdict
from collections.abc import Callable, Hashable
from functools import lru_cache
from typing import Generic, TypeVar

from recruitment.text import without_accents

Key = TypeVar("Key", bound=Hashable)

_WORD = re.compile(r"[a-z0-9]+")
_LEAST_WEIGHT = 0.1
_SUPPOSED, _SUPPOSED_HAVING = 500, 5  # texts thought of besides: among a handful nothing is rare yet
_GROWTH = 1.25  # weights are measured anew once there is this much more than when they were
# What French questions are made of whatever they ask, typed as one types on a phone too.
_STOP = """
a ai alors as au aussi aux avec avoir bcp bien bon bonjour bonsoir c ca ce cela ces cet cette combien comme comment
d dans de des donc du elle en entre est et etre eu faire faut g il ils j je l la le les leur lui m ma mais me meme merci
mes moi mon n ne nos notre nous on ont ou par pas peut plus pour pourquoi qu quand que quel quelle quelles quels qui
quoi s sa salut se ses si son sont stp sur svp t ta te tes toi ton tres tu un une vos votre vous y ya
"""
_STOP_WORDS = frozenset(_STOP.split())


@lru_cache(maxsize=4096)  # the last minute of a room is looked at again with each group of questions
def pieces(text: str) -> frozenset[str]:
    """The trigrams of its words, a blank at either end of each."""
    words = _WORD.findall(without_accents(text))
    telling = [word for word in words if word not in _STOP_WORDS] or words
    padded = [f" {word} " for word in telling]
    return frozenset(word[start : start + 3] for word in padded for start in range(len(word) - 2))


def overlap(one: frozenset[str], other: frozenset[str]) -> float:
    """How much two sets of pieces share, from 0 to 1 (Dice): of two texts alone, without an index."""
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0


class Index(Generic[Key]):
    """Texts under keys, of which the nearest to another text are found in milliseconds among thousands.

    A piece counts for more the fewer texts have it (cosine of tf-idf). Not for several threads at once.
    """

    def __init__(self) -> None:
        self._spellings: dict[Key, list[frozenset[str]]] = {}
        self._having: dict[str, set[tuple[Key, int]]] = defaultdict(set)
        self._lengths: dict[tuple[Key, int], float] = {}
        self._measured = 0

    def __len__(self) -> int:
        return len(self._spellings)

    def put(self, key: Key, *texts: str) -> None:
        """Keep `texts` as spellings of one thing, in place of what was under its key."""
        self.drop(key)
        self._spellings[key] = [pieces(text) for text in texts]
        for place, found in enumerate(self._spellings[key]):
            for piece in found:
                self._having[piece].add((key, place))
            self._lengths[key, place] = self._length(found)

    def drop(self, key: Key) -> None:
        for place, found in enumerate(self._spellings.pop(key, [])):
            for piece in found:
                self._having[piece].discard((key, place))
            del self._lengths[key, place]

    def nearest(
        self, text: str, *, limit: int, least: float, among: Callable[[Key], bool] = lambda key: True
    ) -> list[tuple[Key, float]]:
        """At most `limit` keys that are `among` the wanted, with a nearness from `least` to 1, the nearest first."""
        self._measure()
        wanted = pieces(text)
        length = self._length(wanted)
        best: dict[Key, float] = {}
        for spelling, shared in self._shared(wanted).items():
            key, nearness = spelling[0], shared / (length * self._lengths[spelling])
            if nearness >= max(least, best.get(key, 0.0)) and among(key):
                best[key] = nearness
        return sorted(best.items(), key=lambda found: -found[1])[:limit]

    def _shared(self, wanted: frozenset[str]) -> dict[tuple[Key, int], float]:
        shared: dict[tuple[Key, int], float] = defaultdict(float)
        for piece in wanted:
            weight = self._rarity(piece) ** 2
            for spelling in self._having.get(piece, ()):
                shared[spelling] += weight
        return shared

    def _rarity(self, piece: str) -> float:
        having = len(self._having.get(piece, ()))
        return max(_LEAST_WEIGHT, math.log((len(self._lengths) + _SUPPOSED) / (having + _SUPPOSED_HAVING)))

    def _length(self, found: frozenset[str]) -> float:
        return math.sqrt(sum(self._rarity(piece) ** 2 for piece in found))

    def _measure(self) -> None:
        """Lengths drift as texts come; all are measured anew while that is cheap beside what came."""
        if len(self._lengths) <= self._measured * _GROWTH:
            return
        self._measured = len(self._lengths)
        for key, spellings in self._spellings.items():
            for place, found in enumerate(spellings):
                self._lengths[key, place] = self._length(found)
