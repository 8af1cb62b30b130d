"""The routes of proofs: a page and a JSON for each quote, at addresses that can't be guessed."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Protocol

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.proof import PATH, Pages, Proof, bundle, prove
from bot.render.page import page, policy
from bot.words import LANGUAGES, language
from index.article import SentenceId
from index.errors import LibraryError, NotFound
from index.evidence import Evidence

KEPT = 256
"""Proofs that are kept ready: gathering one reads every text of the library."""
ACCEPTED = 20
"""Languages that are read of a browser's list, at most."""

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "private, max-age=60",
    "Vary": "Accept-Language",
    "Content-Security-Policy": "default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
}
NOT_FOUND = "There is no such quote."


class ProofLibrary(Protocol):
    """The part of `index.library.Library` that proofs need."""

    @property
    def version(self) -> int: ...

    def evidence(self, id: SentenceId, beside: bool = True) -> Evidence: ...


def routes(library: ProofLibrary, pages: Pages) -> list[Route]:
    """`/q/<name>` and `/q/<name>.json`."""
    proofs = _proofs(library)

    def proved(name: str) -> Proof | None:
        sentence = pages.opened(name)
        try:
            return None if sentence is None else proofs(sentence, library.version)
        except NotFound:
            return None

    async def shown(request: Request) -> Response:
        name = request.path_params["name"]
        wanted, as_json = name.removesuffix(".json"), name.endswith(".json")
        try:
            proof = await run_in_threadpool(proved, wanted)
        except LibraryError:
            return _plain("The library can't be read now.", 503)
        if proof is None:
            return _plain(NOT_FOUND, 404)
        return _json(proof) if as_json else _page(request, proof, wanted)

    return [Route(f"{PATH}{{name}}", shown, methods=["GET"])]


def _proofs(library: ProofLibrary) -> Callable[[SentenceId, int], Proof]:
    @lru_cache(maxsize=KEPT)
    def proof(sentence: SentenceId, version: int) -> Proof:
        return prove(library.evidence(sentence))

    return proof


def _page(request: Request, proof: Proof, name: str) -> Response:
    json_address = None if proof.evidence.removed else f"{name}.json"
    text = page(proof, _language(request), json_address)
    headers = {**HEADERS, "Content-Security-Policy": policy()}
    return Response(text, media_type="text/html", headers=headers)


def _json(proof: Proof) -> Response:
    if proof.evidence.removed:
        return _plain("This article was withdrawn.", 410)
    return JSONResponse(bundle(proof), headers=HEADERS)


def _plain(text: str, status: int) -> Response:
    return PlainTextResponse(text, status, headers={**HEADERS, "Cache-Control": "no-store"})


def _language(request: Request) -> str:
    """What the address asks for, else what the browser likes best of the languages that there are."""
    wish = request.query_params.get("lang")
    if wish in LANGUAGES:
        return str(wish)
    liked = (_weighed(part) for part in request.headers.get("accept-language", "").split(",")[:ACCEPTED])
    known = [(weight, code) for weight, code in liked if code in LANGUAGES and weight > 0]
    return language(max(known, key=lambda one: one[0])[1] if known else None)


def _weighed(part: str) -> tuple[float, str]:
    """`uk-UA;q=0.8` is (0.8, uk); a weight that can't be read is none."""
    name, _, rest = part.strip().partition(";")
    said = rest.strip().removeprefix("q=") or "1"
    try:
        weight = float(said)
    except ValueError:
        weight = 0.0
    return weight, name.split("-")[0].strip().lower()
