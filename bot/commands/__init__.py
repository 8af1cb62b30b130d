"""One file for each command of `pullquote`: it parses, calls the library, and prints."""
