"""The truth: tables, migrations and queries. Everything else in this package can be rebuilt from here."""
