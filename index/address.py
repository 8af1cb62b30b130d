"""The identity of a page: one canonical address for the many under which the same article is found.

Tracking parameters, mobile and AMP hosts, http or https, default ports, fragments, the order of parameters and a
trailing slash do not make another article. Such an address is compared, never fetched.
"""

from __future__ import annotations

import re
from urllib.parse import quote, unquote_to_bytes, urlsplit, urlunsplit

TRACKING = frozenset(
    {
        *("fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "msclkid", "yclid", "ysclid", "twclid"),
        *("ttclid", "igshid", "igsh", "li_fat_id", "mc_cid", "mc_eid", "mkt_tok", "vero_id", "oly_anon_id"),
        *("oly_enc_id", "_openstat", "_hsenc", "_hsmi", "hsctatracking", "rb_clickid", "s_cid", "ncid", "cmpid"),
        *("ga_source", "ga_medium", "ga_campaign", "ga_content", "ga_term", "_ga", "_gl", "srsltid", "spm"),
        *("ref_src", "ref_url", "wt_mc", "wt.mc_id", "at_medium", "at_campaign", "ocid", "smid", "xtor"),
        *("phpsessid", "jsessionid", "aspsessionid", "amp_js_v", "amp_gsa", "usqp"),
    }
)
"""Query parameters (in lower case) that tell where a reader came from and not what is read."""

TRACKING_PREFIXES = ("utm_", "pk_", "mtm_", "matomo_", "piwik_", "hsa_", "stm_", "at_custom")
AMP_PARAMETERS = frozenset({("amp", "1"), ("amp", ""), ("outputtype", "amp"), ("output", "amp")})
MOBILE_LABELS = frozenset({"www", "m", "mobile", "amp"})
_AMP_CACHE = ".cdn.ampproject.org"
_AMP_CACHE_PATH = re.compile(r"^/(?:[a-z]/)(?:s/)?([^/]+\.[^/]+)(/.*)?$")
_AMP_VIEWER_PATH = re.compile(r"^/amp/(?:s/)?([^/]+\.[^/]+)(/.*)?$")
_SESSION_PATH = re.compile(r";jsessionid=[^/]*", re.IGNORECASE)
_ROUNDS = 8


def canonical(url: str) -> str:
    """The canonical form of a web address; anything else (a path, a broken address) is returned as it is.

    Pure and idempotent. The result always says https, whether or not the site offers it.
    """
    clean = url.strip().encode("utf-8", "replace").decode("utf-8")
    # An AMP address can hide another one: unwrap until nothing changes.
    for _ in range(_ROUNDS):
        shorter = _once(clean)
        if shorter == clean:
            break
        clean = shorter
    return clean


def without_tracking(url: str) -> str:
    """The same address without the parameters that only say where its reader came from; it can be fetched and shown."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    if parts.scheme.lower() not in ("http", "https"):
        return url
    pairs = parts.query.split("&")
    kept = [pair for pair in pairs if not _is_tracking(pair.partition("=")[0].lower())]
    return urlunsplit(parts._replace(query="&".join(kept))) if len(kept) < len(pairs) else url


def _is_tracking(name: str) -> bool:
    return name in TRACKING or name.startswith(TRACKING_PREFIXES)


def _once(url: str) -> str:
    try:
        parts = urlsplit(url)
        port = parts.port
        host = _host(parts.hostname or "")
    except ValueError:
        return url
    if parts.scheme.lower() not in ("http", "https") or not host:
        return url
    shown = f"[{host}]" if ":" in host else host
    authority = shown if port in (None, 80, 443) else f"{shown}:{port}"
    query = _query(parts.query)
    place = _behind_amp(host, parts.path) or authority + _path(parts.path)
    return f"https://{place}{'?' + query if query else ''}"


def _host(host: str) -> str:
    """Lower case, punycode for other scripts, no final dot, no mobile labels before the last two."""
    if not host.isascii():
        import idna

        try:
            host = idna.encode(host, uts46=True).decode("ascii")
        except idna.IDNAError as error:
            raise ValueError(str(error)) from error
    host = host.lower().rstrip(".")
    if ":" in host or host.replace(".", "").isdigit():
        return host
    labels = host.split(".")
    kept = [label for label in labels[:-2] if label not in MOBILE_LABELS]
    return ".".join(kept + labels[-2:])


def _path(path: str) -> str:
    """Escapes made alike, dot segments resolved, AMP parts and the last slash dropped."""
    resolved: list[str] = []
    for segment in _SESSION_PATH.sub("", path).split("/"):
        plain = quote(unquote_to_bytes(segment), safe="!$&'()*+,;=:@~")
        if plain == "..":
            del resolved[-1:]
        elif plain not in ("", "."):
            resolved.append(plain)
    while len(resolved) > 1 and resolved[-1].lower() in ("amp", "amp.html"):
        resolved.pop()
    while len(resolved) > 1 and resolved[0].lower() == "amp":
        resolved.pop(0)
    if resolved:
        resolved[-1] = re.sub(r"(?i)(?<=.)(\.amp)+(\.html?)?$", lambda found: found[2] or "", resolved[-1])
    return "/" + "/".join(resolved)


def _query(query: str) -> str:
    kept: list[str] = []
    for pair in query.split("&"):
        name, equals, value = pair.partition("=")
        name, value = (quote(unquote_to_bytes(part.replace("+", " ")), safe="!$'()*,;:@/?~") for part in (name, value))
        key = name.lower()
        if not name or _is_tracking(key):
            continue
        if (key, value.lower()) not in AMP_PARAMETERS:
            kept.append(name + equals + value)
    return "&".join(sorted(kept))


def _behind_amp(host: str, path: str) -> str | None:
    """The address that an AMP cache or viewer shows, without its scheme."""
    if host.endswith(_AMP_CACHE):
        found = _AMP_CACHE_PATH.match(path)
    elif re.fullmatch(r"google(\.[a-z]{2,3}){1,2}", host):
        found = _AMP_VIEWER_PATH.match(path)
    else:
        return None
    return f"{found[1]}{found[2] or '/'}" if found else None
