-- Two roles for PostgreSQL: one owns the tables and changes them at an upgrade, the bots may only read and write rows.
-- Run once, as a superuser, in the database that PULLQUOTE_DATABASE_URL will name:
--     psql --set=ON_ERROR_STOP=1 --dbname=pullquote --file=deploy/postgresql.sql
-- then give both a password (\password pullquote_owner, \password pullquote_bot).

CREATE EXTENSION IF NOT EXISTS vector;

CREATE ROLE pullquote_owner LOGIN;
CREATE ROLE pullquote_bot LOGIN;

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO pullquote_owner;
GRANT USAGE ON SCHEMA public TO pullquote_bot;

ALTER DEFAULT PRIVILEGES FOR ROLE pullquote_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO pullquote_bot;
ALTER DEFAULT PRIVILEGES FOR ROLE pullquote_owner IN SCHEMA public
    GRANT USAGE, SELECT ON SEQUENCES TO pullquote_bot;

-- What the program asks for in each session anyway, for sessions that are not its own.
ALTER ROLE pullquote_bot SET statement_timeout = '60s';
ALTER ROLE pullquote_bot SET idle_in_transaction_session_timeout = '5min';
ALTER ROLE pullquote_bot SET lock_timeout = '30s';
