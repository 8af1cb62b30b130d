"""Everything that this package raises on purpose, each with one line for its reader: what was wrong and what to do.

PullquoteError
├── SettingsError          a setting has a value that can't be used
├── ReadError              a file or page could not become an article
│   └── FetchError         the network door refused, or the network failed
├── ModelError             weights are missing, of a wrong hash, or can't be run here
├── LibraryError           the data folder can't be used as it is
│   ├── LibraryLocked      another process is writing and did not finish in time
│   ├── LibraryReadOnly    the folder or the database can't be written
│   ├── LibraryFull        the disk is full
│   ├── LibraryUnreachable the database server is away; what was accepted is kept
│   └── LibraryTooNew      made by a newer version of this program
└── NotFound               no such article, sentence or quote
"""


class PullquoteError(Exception):
    """The base: its text is one line, fit to be shown."""


class SettingsError(PullquoteError):
    """A setting has a value that can't be used."""


class ReadError(PullquoteError):
    """A file or page could not become an article."""


class FetchError(ReadError):
    """The network door refused an address, or the network failed."""


class ModelError(PullquoteError):
    """Weights are missing, have a wrong hash, or can't be run here."""


class LibraryError(PullquoteError):
    """The data folder can't be used as it is."""


class LibraryLocked(LibraryError):
    """Another process is writing and did not finish in time."""


class LibraryReadOnly(LibraryError):
    """The folder or the database can't be written."""


class LibraryFull(LibraryError):
    """The disk is full."""


class LibraryUnreachable(LibraryError):
    """The database server can't be reached, or has ended the connection. It may come back."""


class LibraryTooNew(LibraryError):
    """The data folder was made by a newer version of this program."""


class NotFound(PullquoteError):
    """No such article, sentence or quote."""
